-- For wrk: requests a streamed response of a random length; arguments: shortest and longest, in tokens.

function init(arguments)
  shortest = tonumber(arguments[1])
  longest = tonumber(arguments[2])
end

function request()
  local body = '{"model":"simulated","messages":[{"role":"user","content":"Tell me more."}],'
    .. '"stream":true,"stream_options":{"include_usage":true},"max_tokens":'
    .. math.random(shortest, longest) .. '}'
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
end
