#!/usr/bin/env bash
# A learner's first day, over HTTP with curl alone: register, log in, talk, learn ten minutes, and see what came of it.
#   samples/first-day.sh [address of the API]        (default http://localhost:5080)
# In Development the ten minutes take no ten minutes: the learner is registered with X-Xentree-Now and lives on a clock of their own.
# Every answer is checked; the script ends with 0 only when all of them hold.
set -euo pipefail
api=${1:-${XENTREE_API:-http://localhost:5080}}
name="learner-$(date +%s)-$$"
password='three brown foxes'
token= now='2026-03-02T09:00:00Z'

fail() { echo "FAILED: $1" >&2; exit 1; }

# call METHOD PATH [JSON]: the body of a 2xx answer; anything else ends the script.
call() {
  local args=(-sS --max-time 30 -X "$1" "$api$2" -H "X-Xentree-Now: $now" -w '\n%{http_code}')
  [ -z "$token" ] || args+=(-H "Authorization: Bearer $token")
  [ -z "${3:-}" ] || args+=(-H 'Content-Type: application/json' -d "$3")
  local answer; answer=$(curl "${args[@]}") || fail "$1 $2: no answer from $api"
  case "${answer##*$'\n'}" in
    2??) printf '%s' "${answer%$'\n'*}" ;;
    *) fail "$1 $2: ${answer##*$'\n'} ${answer%$'\n'*}" ;;
  esac
}

# get PATH.TO.MEMBER: a member of the JSON on standard input. Node is there, because the embedded servers need it.
get() { node -e 'let v = JSON.parse(require("fs").readFileSync(0, "utf8")); for (const p of process.argv[1].split(".")) v = v?.[p]; process.stdout.write(v === undefined || v === null ? "" : typeof v === "object" ? JSON.stringify(v) : String(v))' "$1"; }

is() { [ "$2" = "$3" ] || fail "$1 is $2, not $3"; }

echo "1. Register and log in as $name"
call POST /api/auth/register "{\"username\":\"$name\",\"email\":\"$name@example.org\",\"password\":\"$password\",\"timezone\":\"Europe/Zagreb\"}" | get username >/dev/null
token=$(curl -sS --max-time 30 "$api/api/auth/login" -d "username=$name" --data-urlencode "password=$password" | get access_token)
[ -n "$token" ] || fail "no access token"
is "my name" "$(call GET /api/auth/me | get username)" "$name"

echo "2. Look at today's quests"
is "the number of quests" "$(call GET /api/xp/quests | get quests.length)" 3

echo "3. Begin a conversation and its learning session"
conversation=$(call POST /api/core/conversations '{"title":"My first day"}' | get id)
is "the session" "$(call POST "/api/core/conversations/$conversation/session/start" | get status)" active

echo "4. Talk: the tutor that needs no key answers"
answer=$(call POST /api/core/chat "{\"message\":\"Yesterday I have went to the market and buyed two apple.\",\"conversation_id\":\"$conversation\",\"provider\":\"local\"}")
[ -n "$(get content <<<"$answer")" ] || fail "the tutor said nothing"
is "the provider" "$(get provider <<<"$answer")" local
is "the number of messages" "$(call GET "/api/core/conversations/$conversation/messages" | get length)" 2
echo "   $(get content <<<"$answer" | head -n 3)"

echo "5. Learn for ten minutes"
for minute in 01 02 03 04 05 06 07 08 09; do
  now="2026-03-02T09:$minute:00Z"
  call POST "/api/core/conversations/$conversation/session/activity" >/dev/null
done
now='2026-03-02T09:10:00Z'
session=$(call POST "/api/core/conversations/$conversation/session/end")
is "the session" "$(get status <<<"$session")" ended
is "the learning time" "$(get learning_seconds <<<"$session")" 600

echo "6. See what came of it"
profile=$(call GET /api/xp/profile)
xp=$(get total_xp <<<"$profile")
[ "$xp" -ge 50 ] || fail "$xp XP for ten minutes"
is "the streak" "$(get current_streak <<<"$profile")" 1
is "the streak status" "$(call GET /api/xp/streak-status | get current_streak)" 1
is "this week's XP" "$(call GET /api/xp/weekly-activity | get total_xp)" "$xp"
pulse=$(call GET /api/xp/learning-pulse)
is "the days of the pulse" "$(get days.length <<<"$pulse")" 365
is "today's learning time" "$(get days.364.learning_seconds <<<"$pulse")" 600
is "the learning time" "$(call GET /api/analytics/learning-time | get total_seconds)" 600
is "the public profile's XP" "$(call GET "/api/xp/public-profile/$name" | get profile.total_xp)" "$xp"
done_quests=$(call GET /api/xp/quests | node -e 'const q = JSON.parse(require("fs").readFileSync(0, "utf8")).quests; process.stdout.write(q.map(x => `${x.status === "completed" ? "✓" : " "} ${x.title} (${x.current_progress}/${x.target_value})`).join("\n     "))')

cat <<TXT

   $name learned 10 minutes:
     XP      $xp, level $(get level <<<"$profile")
     Streak  $(get current_streak <<<"$profile") day
     Tokens  $(get token_balance <<<"$profile")
     $done_quests

The first day works.
TXT
