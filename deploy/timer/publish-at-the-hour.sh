#!/bin/sh
# Publish now; then ask when the site changes by itself next, and have systemd start the unit again then.
# Usage: publish-at-the-hour.sh PROJECT TARGET
set -eu
cd "$1"
left=0
while [ "$left" -lt 2 ]; do
    # An hour that comes while this publication is under way is still to come for `next`: it is not missed.
    since=$(date --utc '+%Y-%m-%dT%H:%M:%SZ')
    python3 tasks.py publish "$2"
    next=$(PRESSROOM_NOW=$since python3 tasks.py next)
    [ -n "$next" ] || break
    left=$(($(date --date="$next" +%s) - $(date +%s)))
done
# One timer at a time: the one before is replaced.
systemctl --user stop newsroom.timer 2>/dev/null || true
if [ -n "$next" ]; then
    systemd-run --user --quiet --unit=newsroom.service --timer-property=AccuracySec=1s \
        --on-calendar="$(date --utc --date="$next" '+%Y-%m-%d %H:%M:%S UTC')"
fi
