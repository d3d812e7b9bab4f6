#!/bin/sh
# Before `npm start` and `npm test`: installs when the packages are missing or older than the lockfile, then makes sure
# that the Node.js about to run is one that can: npm puts the one pinned by the lockfile first in the path.
set -eu
needed=24
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "Installing packages; about half a minute the first time." >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.package-lock.json
fi
major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -lt "$needed" ]; then
  cat >&2 <<MESSAGE
Countersign runs on Node.js $needed or later; $(node -v) would run now.
The lockfile pins a Node.js for Linux on x64 and arm64 as an optional package. Either it was left out
(install without --omit=optional), or there is none for this machine: install Node.js $needed yourself.
MESSAGE
  exit 1
fi
