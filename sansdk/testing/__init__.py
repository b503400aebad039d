"""What tests of other projects use: fixtures and the contract that every array keeps."""
