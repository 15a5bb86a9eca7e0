#!/usr/bin/env bash
# Talks to the tutor and prints the answer while it is made.
#
#   samples/chat.sh                            a sentence with three errors
#   samples/chat.sh "He go to school."         a message of your own
#   XENTREE_API=https://… samples/chat.sh      another installation
#
# Without any setting the provider is `local`: rules, no language model. To talk to a model, start the system with for example
#   AI__Providers__lab__Kind=openai-compatible AI__Providers__lab__BaseUrl=http://127.0.0.1:8080/v1 AI__Providers__lab__Models__0=my-model
set -euo pipefail

api=${XENTREE_API:-http://localhost:5080}
message=${1:-She don\'t like apples because she have a allergy.}

# The value of a text field of a JSON object.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
# A text as JSON shows it.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//$'\n'/\\n}"
}
post() { curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' "$@"; }

name=sample-$(date +%s)-$RANDOM
password="sample $RANDOM password $RANDOM"
post "$api/api/auth/register" --data "{\"username\":\"$name\",\"email\":\"$name@example.org\",\"password\":\"$password\"}" >/dev/null
token=$(curl --silent --show-error --fail-with-body "$api/api/auth/login" --data-urlencode "username=$name" --data-urlencode "password=$password" | field access_token)
conversation=$(post "$api/api/core/conversations" --header "Authorization: Bearer $token" --data '{}' | field id)

echo "You:   $message"
echo
post --no-buffer "$api/api/core/chat" --header "Authorization: Bearer $token" --header 'Accept: text/event-stream' \
  --data "{\"message\":$(quoted "$message"),\"conversation_id\":\"$conversation\"}" |
{
  event='' ended=''
  while IFS= read -r line; do
    case $line in
      'event: '*) event=${line#event: } ;;
      'data: '*)
        data=${line#data: }
        case $event in
          delta)
            data=${data#'{"content":"'} data=${data%'"}'}
            printf '%b' "${data//\\\"/\"}"
            ;;
          done) ended=yes && printf '\n\n(%s, model %s)\n' "$(field provider <<<"$data")" "$(field model <<<"$data")" ;;
          *) printf '\n%s\n' "$data" >&2 ;;
        esac
        ;;
    esac
  done
  [ -n "$ended" ]
}

# What was said is found again, in a week as well as now.
curl --silent --show-error --fail-with-body --get "$api/api/core/search" --header "Authorization: Bearer $token" --data-urlencode "q=${message%%[.?!]*}" |
  sed -n 's/.*"snippet":"\([^"]*\)".*/Found:  \1/p' | sed 's/<[^>]*>/*/g'
echo
