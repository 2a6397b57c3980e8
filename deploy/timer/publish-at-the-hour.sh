#!/bin/sh
# Publish now; then ask when the site changes by itself next, and have systemd start this again then.
# Usage: publish-at-the-hour.sh PROJECT TARGET
set -eu
project=$1
target=$2
cd "$project"
python3 tasks.py publish "$target"
next=$(python3 tasks.py next)
if [ -n "$next" ]; then
    # One timer at a time: the one before is replaced.
    systemctl --user stop newsroom-next.timer 2>/dev/null || true
    systemd-run --user --unit=newsroom-next --collect --timer-property=AccuracySec=1s \
        --on-calendar="$(date --utc --date="$next" '+%Y-%m-%d %H:%M:%S UTC')" \
        "$project/deploy/timer/publish-at-the-hour.sh" "$project" "$target"
fi
