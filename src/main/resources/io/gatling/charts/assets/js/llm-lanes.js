/* Single responses: a few conversations turn by turn, the slowest and the first failed responses. */
(kit => {
  'use strict';

  const el = kit.element;
  const cell = kit.cell;

  /* Columns of responses as objects. */
  function responses(columns) {
    return columns.turn.map((_turn, at) =>
      Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, column[at]])));
  }

  function cached(response) {
    return response.cachedTokens === null || !response.inputTokens
      ? null : 100 * response.cachedTokens / response.inputTokens;
  }

  /* Neither good nor failed. */
  const OPEN_ENDS = { cut: 'cut at the end of the load', abandoned: 'abandoned by the user' };

  function inWords(response) {
    const hit = cached(response);
    return [
      response.turn === 0 ? response.request : 'Turn ' + response.turn,
      response.attempt > 1 ? 'attempt ' + response.attempt : null,
      'sent at ' + kit.fixed(response.second, 1) + ' s',
      response.ttft === null ? 'no token' : 'TTFT ' + kit.figure(response.ttft) + ' ms',
      'ended after ' + kit.figure(response.e2e) + ' ms',
      response.inputTokens === null ? null : kit.whole(response.inputTokens) + ' input tokens',
      hit === null ? null : kit.percent(hit) + ' cached',
      response.outputTokens === null ? null : kit.whole(response.outputTokens) + ' output tokens',
      response.failure === null ? null : OPEN_ENDS[response.failure] ?? 'failed: ' + response.failure
    ].filter(part => part !== null).join(', ');
  }

  function kindOf(response) {
    const hit = cached(response);
    return response.failure in OPEN_ENDS ? 'cut' : response.failure !== null ? 'failed'
      : hit === null ? 'unknown' : hit < 50 ? 'cold' : 'warm';
  }

  /* One response: the wait for its first token, and its stream. */
  function bar(response, place, conversation) {
    const wait = response.ttft === null ? response.e2e : response.ttft;
    const part = (name, from, millis) => el('span', {
      class: 'llm-bar llm-bar-' + name,
      style: 'left:' + place(from) + '%;width:' + (place(from + millis / 1000) - place(from)) + '%'
    });
    const number = el('span', { class: 'llm-bar-turn', style: 'left:' + place(response.second) + '%' }, [
      [response.turn || '', response.failure === null || response.failure in OPEN_ENDS ? '' : '×'].join('')
    ]);
    const words = inWords(response);
    return el('span', { class: 'llm-turn', tabindex: '-1', role: 'img', title: words, 'aria-label': conversation + ': ' + words }, [
      part(kindOf(response), response.second, wait),
      ...(response.ttft === null ? [] : [part('stream', response.second + wait / 1000, response.e2e - wait)]),
      number
    ]);
  }

  const LEGEND = [
    ['warm', 'waiting, half or more cached'], ['cold', 'waiting, less than half cached'],
    ['unknown', 'waiting, cache not reported'], ['stream', 'streaming'],
    ['failed', '× failed'], ['cut', 'cut at the end, or abandoned']
  ];

  function csv(lanes) {
    const names = ['Conversation', 'Turn', 'Attempt', 'Sent (s)', 'TTFT (ms)', 'E2E (ms)', 'Input tokens',
      'Cached tokens', 'Output tokens', 'Failure', 'Response id'];
    const keys = ['conversation', 'turn', 'attempt', 'second', 'ttft', 'e2e', 'inputTokens', 'cachedTokens',
      'outputTokens', 'failure', 'responseId'];
    return [names].concat(lanes.flatMap(lane => lane.responses)
      .map(response => keys.map(key => response[key])));
  }

  /* Moves the focus from turn to turn, and shows the figures of the one that has it. */
  function readByKeys(section) {
    const words = section.querySelector('.llm-turn-words');
    const turns = [...section.querySelectorAll('.llm-turn')];
    section.querySelector('.llm-scroll').addEventListener('keydown', event => {
      const at = turns.indexOf(document.activeElement);
      const turn = turns[{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: turns.length - 1 }[event.key]];
      if (turn) {
        event.preventDefault();
        turn.focus();
        words.textContent = turn.getAttribute('aria-label');
      }
    });
    return section;
  }

  /* A row for each conversation, over a common axis of time. */
  kit.lanes = data => {
    const lanes = (data.samples?.lanes || [])
      .map(lane => ({ id: lane.id, responses: responses(lane.responses) }));
    const all = lanes.flatMap(lane => lane.responses);
    if (all.length === 0) {
      return null;
    }
    const low = Math.floor(Math.min(...all.map(response => response.second)));
    const high = Math.max(...all.map(response => response.second + response.e2e / 1000));
    const place = second => Number((100 * (second - low) / (high - low || 1)).toFixed(3));
    const shade = (from, to) => from >= to ? [] : [el('span', {
      class: 'llm-unmeasured',
      style: 'left:' + place(from) + '%;width:' + (place(to) - place(from)) + '%'
    })];
    const outside = () => [...shade(low, Math.min(0, high)), ...shade(Math.max(data.run.durationSeconds, low), high)];
    const ticks = kit.roundValues(low, high, false);
    const title = 'Conversations turn by turn';
    const kinds = new Set(['stream', ...all.map(kindOf)]);
    return readByKeys(kit.section('tokens-lanes', title, 'llm-lanes', [
      kit.header('tokens-lanes', title, [kit.csvButton(() => 'tokens-lanes', title, () => csv(lanes))]),
      el('p', { class: 'llm-caption' }, [
        kit.plural(lanes.length, 'conversation') + ' drawn at random; numbers are turns, gaps are think time, tools or backoff.'
          + (low < 0 || high > data.run.durationSeconds ? ' Shaded: not measured.' : ''),
        el('span', { class: 'llm-hint' }, [' Point at a turn, or use the arrow keys, for its figures.'])
      ]),
      el('div', { class: 'llm-scroll', tabindex: '0', role: 'region', 'aria-label': title },
        lanes.map(lane => el('div', { class: 'llm-lane' }, [
          el('span', { class: 'llm-lane-name', title: lane.id }, [lane.id]),
          el('span', { class: 'llm-track' }, [...outside(), ...lane.responses.map(response => bar(response, place, lane.id))])
        ])).concat([el('div', { class: 'llm-lane', 'aria-hidden': 'true' }, [
          el('span', { class: 'llm-lane-name' }),
          el('span', { class: 'llm-track llm-track-axis' }, ticks.map(second =>
            el('span', { class: 'llm-tick', style: 'left:' + place(second) + '%' }, [kit.seconds(second)])))
        ])])),
      el('p', { class: 'llm-caption llm-turn-words' }),
      el('p', { class: 'llm-caption llm-lane-legend' }, LEGEND.filter(([kind]) => kinds.has(kind)).map(([kind, words]) => el('span', {}, [
        el('span', { class: 'llm-bar-key llm-bar-' + kind }), ' ' + words
      ])))
    ]));
  };

  function singles(data, key, id, title, below) {
    const rows = responses(data.samples?.[key] || { turn: [] });
    return rows.length === 0 ? null : kit.table({
      id: id,
      title: title,
      columns: ['Conversation', 'Request', 'Turn', 'Attempt', 'Sent (s)', 'TTFT (ms)', 'E2E (ms)', 'Input tokens',
        'Cached', 'Output tokens', 'Failure', 'Response id'].map(name => ({ name: name })),
      rows: rows.map(response => ({
        name: response.conversation,
        cells: [
          cell.words(response.request),
          response.turn === 0 ? cell.none : cell.whole(response.turn),
          cell.whole(response.attempt),
          { raw: response.second, text: kit.fixed(response.second, 1) },
          cell.figure(response.ttft),
          cell.figure(response.e2e),
          response.inputTokens === null ? cell.none : cell.whole(response.inputTokens),
          cell.percent(cached(response)),
          response.outputTokens === null ? cell.none : cell.whole(response.outputTokens),
          response.failure === null ? cell.none : cell.words(response.failure),
          response.responseId === null ? cell.none : cell.words(response.responseId)
        ]
      })),
      below: below
    });
  }

  /* Tables of the responses to look at first. */
  kit.singleResponses = data => [
    singles(data, 'failed', 'tokens-first-failed', 'First failed responses',
      'By when the request was sent. The response id finds the request in the server’s log.'),
    singles(data, 'slowest', 'tokens-slowest', 'Slowest responses',
      'By TTFT. A conversation depends on the seed of its workload and its number alone: the same settings send it again.')
  ].filter(table => table !== null);
})(Llm);
