set -f; echo *; set +f; case - in [a-]) echo dash;; esac
