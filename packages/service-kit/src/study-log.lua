--[[
  Appends events to a study's log, each only if its transition is allowed. The same check as acceptEvent in
  packages/contracts/src/log/check-transition.ts, in the same order; a test holds the two equal.

  KEYS[1]  the log (stream); an entry's id is {seq}-0, its fields are at (ms since 1970, Redis's clock) and event
  KEYS[2]  the records (hash): job, cancel, count (trials), seq, decided, one `status:counter:epoch` per subject,
           how many trials are `in:` each status, and per writer the answer to its last append
  ARGV[1]  channel that is told the last sequence number
  ARGV[2]  writer; ARGV[3] number of the append, unique per writer
  ARGV[4]  sequence number that a decision was made from; empty when the events are no decision
  ARGV[5…] event as it is stored (log-format.ts), its transition as JSON, and so on

  Returns strings: last sequence number, at, '1' when a later decision stands in the way (then nothing is
  appended), and per event the empty string or why it was refused.
]]
local log, records = KEYS[1], KEYS[2]

-- A connection that broke after the append sends it again: the answer is given again, nothing is appended twice.
local writerField = 'writer:' .. ARGV[2]
local earlier = redis.call('HGET', records, writerField)
if earlier then
  local number, answer = string.match(earlier, '^(%d+)|(.*)$')
  if number == ARGV[3] then
    local parts = {}
    for part in string.gmatch(answer .. ',', '([^,]*),') do
      parts[#parts + 1] = part
    end
    return parts
  end
end

local function includes(list, value)
  for _, item in ipairs(list) do
    if item == value then
      return true
    end
  end
  return false
end

local function recordOf(name)
  local record = redis.call('HGET', records, name)
  if not record then
    return '', 0, 0
  end
  local status, counter, epoch = string.match(record, '^([^:]*):(%d+):(%d+)$')
  return status, tonumber(counter), tonumber(epoch)
end

local function subjectRefusal(subject)
  local status, counter, epoch = recordOf(subject.name)
  if not includes(subject.from, status) then
    return 'subject-status'
  end
  if subject.counter then
    local expected = counter
    if subject.counter.rule == 'next' then
      expected = counter + 1
    end
    if subject.counter.value ~= expected then
      return 'attempt'
    end
  end
  if subject.epoch then
    if subject.epoch.rule == 'next' and subject.epoch.value ~= epoch + 1 then
      return 'epoch'
    end
    if subject.epoch.rule == 'above' and subject.epoch.value <= epoch then
      return 'epoch'
    end
  end
  return ''
end

local function refusalOf(transition)
  local job = redis.call('HGET', records, 'job')
  if #transition.job == 0 then
    return job and 'job-exists' or ''
  end
  if not job then
    return 'job-unknown'
  end
  if not includes(transition.job, job) then
    return 'job-status'
  end
  local cancelled = redis.call('HEXISTS', records, 'cancel') == 1
  if cancelled and (transition.cancel == 'absent' or transition.cancel == 'set') then
    return 'cancel-requested'
  end
  if not cancelled and transition.cancel == 'present' then
    return 'cancel-not-requested'
  end
  if transition.nextTrial and transition.nextTrial ~= tonumber(redis.call('HGET', records, 'count') or '0') then
    return 'trial-number'
  end
  return transition.subject and subjectRefusal(transition.subject) or ''
end

local function keep(transition)
  local subject = transition.subject
  if subject then
    local status, counter, epoch = recordOf(subject.name)
    if subject.counter then
      counter = subject.counter.value
      -- A new set of charts counts its charts from none.
      if subject.counter.rule == 'next' and string.sub(subject.name, 1, 6) == 'plots:' then
        epoch = 0
      end
    end
    if subject.epoch then
      epoch = subject.epoch.value
    end
    redis.call('HSET', records, subject.name, string.format('%s:%d:%d', subject.to, counter, epoch))
    if subject.to ~= status and string.sub(subject.name, 1, 6) == 'trial:' then
      if status ~= '' then
        redis.call('HINCRBY', records, 'in:' .. status, -1)
      end
      redis.call('HINCRBY', records, 'in:' .. subject.to, 1)
    end
  end
  if transition.jobTo then
    redis.call('HSET', records, 'job', transition.jobTo)
  end
  if transition.cancel == 'set' then
    redis.call('HSET', records, 'cancel', '1')
  end
  if transition.nextTrial then
    redis.call('HINCRBY', records, 'count', 1)
  end
end

local time = redis.call('TIME')
local at = string.format('%d', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
local before = tonumber(redis.call('HGET', records, 'seq') or '0')
local seq = before
local reply = { '', at, '0' }

if ARGV[4] ~= '' and tonumber(redis.call('HGET', records, 'decided') or '0') > tonumber(ARGV[4]) then
  reply[3] = '1'
else
  for i = 5, #ARGV, 2 do
    local transition = cjson.decode(ARGV[i + 1])
    local refusal = refusalOf(transition)
    if refusal == '' then
      seq = seq + 1
      redis.call('XADD', log, string.format('%d-0', seq), 'at', at, 'event', ARGV[i])
      keep(transition)
    end
    reply[#reply + 1] = refusal
  end
end

reply[1] = string.format('%d', seq)
if seq > before then
  redis.call('HSET', records, 'seq', reply[1])
  if ARGV[4] ~= '' then
    redis.call('HSET', records, 'decided', reply[1])
  end
  redis.call('HSET', records, writerField, ARGV[3] .. '|' .. table.concat(reply, ','))
  redis.call('PUBLISH', ARGV[1], reply[1])
end
return reply
