"""Who logs in, with which rights, and what they find: users, profiles, files, tools."""
