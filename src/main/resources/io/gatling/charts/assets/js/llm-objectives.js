/* The objectives of goodput: those of the run, until the reader tries others. */
(kit => {
  'use strict';

  const el = kit.element;

  let objectives = {};

  /* The run's own objectives by figure: { limit, inclusive }. */
  kit.objectivesOfRun = data => Object.fromEntries(Object.entries(data.totals.goodput?.objectives ?? {})
    .map(([key, objective]) => [key, { limit: objective.limitMillis, inclusive: objective.inclusive }]));

  kit.judgeBy = others => { objectives = others; };

  /* The objectives in force, by figure. */
  kit.objectives = () => objectives;

  kit.objectivesAreSet = () => Object.keys(objectives).length > 0;

  kit.limitInWords = objective => (objective.inclusive ? '≤ ' : '< ') + kit.figure(objective.limit) + ' ms';

  kit.meets = (value, objective) => objective.inclusive ? value <= objective.limit : value < objective.limit;

  /* How far a value is from its limit. */
  kit.distance = (value, objective) => kit.meets(value, objective)
    ? 'met'
    : '×' + kit.figure(value / objective.limit);

  /* The share of good requests from which objectives are met, and below which they are missed. */
  kit.goodputLevel = percent => percent >= 99 ? 'good' : percent >= 95 ? 'doubtful' : 'bad';

  /* The limits that a chart of one figure shows; with several figures, labels name them. */
  kit.limitsOf = (data, keys) => () => keys.filter(key => objectives[key]).map(key => ({
    at: objectives[key].limit,
    label: (keys.length > 1 ? data.figures[key].label + ' ' : '') + 'objective ' + kit.limitInWords(objectives[key])
  }));

  function filtersOf([scenario, ...others]) {
    return [scenario, { key: 'request', label: 'Request' }, { key: 'group', label: 'Group' }, ...others];
  }

  function choiceOf(filter, names) {
    const options = [el('option', { value: '' }, ['all'])]
      .concat(names.map(name => el('option', { value: name }, [name])));
    const select = el('select', { id: 'llm-filter-' + filter.key }, options);
    return { ...filter, select, field: el('label', {}, [filter.label + ' ', select]) };
  }

  function limitOf(data, key, own) {
    const input = el('input', {
      id: 'llm-objective-' + key, type: 'number', min: '0', step: 'any', placeholder: 'none', value: own[key]?.limit ?? ''
    });
    const sign = own[key]?.inclusive ? ' ≤ ' : ' < ';
    return { key, input, field: el('label', {}, [data.figures[key].label + sign, input, ' ms']) };
  }

  /* What the page shows at the moment, in words. */
  function explain(data, drawn, shown, isJudgedAnew) {
    const own = data.totals.goodput;
    const { goodput } = shown.totals;
    const drawnOf = kit.whole(drawn.rows.length) + ' of ' + kit.plural(drawn.of, 'response') + ', drawn at random';
    return [
      shown === data ? '' : shown.shown === undefined ? '' : 'Shown: ' + kit.plural(shown.shown, 'response')
        + (drawn.isAll ? '. ' : ' out of ' + drawnOf + '. Rates are scaled up. '),
      goodput === null ? '' : 'Goodput ' + kit.percent(goodput.percent)
        + (goodput.interval ? ' (95 % interval ' + kit.fixed(goodput.interval[0], 1) + ' to '
          + kit.percent(goodput.interval[1]) + ')' : '')
        + (shown === data || own === null ? '' : '; the run by its own objectives: ' + kit.percent(own.percent)) + '. ',
      shown === data ? 'Change a limit or choose a part of the responses: figures, charts and tables follow.'
        : (drawn.isAll ? 'Computed from all responses: latencies are rounded up by 0.03 % at most, and output tokens spread evenly over their streams. '
          : isJudgedAnew && shown.shown === undefined ? 'Estimated from ' + drawnOf + '. ' : '')
          + 'The verdict and the findings are about the whole run and its own objectives.'
    ].join('');
  }

  /* Fields for a filter and for other objectives. change(filter, isJudgedAnew) shows and returns what follows. */
  kit.controls = (data, drawn, change) => {
    if (drawn === null) {
      return el('span', { hidden: '' });
    }
    const own = kit.objectivesOfRun(data);
    const names = key => [...new Set(drawn.rows.map(row => row[key]))].filter(name => name !== null)
      .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
    const filters = filtersOf(data.breakdowns).map(filter => choiceOf(filter, names(filter.key)))
      .filter(filter => filter.select.options.length > 2);
    /* of a run that was recovered without times of chunks, gaps are unknown */
    const tried = ['ttft', 'tpot', 'e2e', ...(data.metrics.icl ? ['icl'] : [])];
    const limits = [...new Set([...tried, ...Object.keys(own)])].map(key => limitOf(data, key, own));
    const words = el('p', { class: 'llm-sample', role: 'status' });
    const reset = el('button', { class: 'llm-button', type: 'button' }, ['Reset']);
    const follow = () => {
      kit.judgeBy(Object.fromEntries(limits.filter(({ input }) => Number(input.value) > 0)
        .map(({ key, input }) => [key, { limit: Number(input.value), inclusive: own[key]?.inclusive ?? false }])));
      const isJudgedAnew = JSON.stringify(kit.objectives()) !== JSON.stringify(own);
      const filter = Object.fromEntries(filters.filter(({ select }) => select.value !== '')
        .map(({ key, select }) => [key, select.value]));
      words.textContent = explain(data, drawn, change(filter, isJudgedAnew), isJudgedAnew);
    };
    reset.addEventListener('click', () => {
      limits.forEach(({ key, input }) => { input.value = own[key]?.limit ?? ''; });
      filters.forEach(({ select }) => { select.value = ''; });
      follow();
    });
    words.textContent = explain(data, drawn, data, false);
    const section = kit.section('tokens-what-if', 'What if?', '', [
      kit.header('tokens-what-if', 'What if?', [reset]),
      el('div', { class: 'llm-controls' }, [...limits, ...filters].map(({ field }) => field)),
      words
    ]);
    section.addEventListener('change', follow);
    return section;
  };

  /* Draws a dashed line at each limit of a chart, or an arrow to one outside of it. */
  kit.paintLimits = content => plot => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = kit.color('--llm-bad');
    ctx.fillStyle = kit.color('--gatling-text-color');
    ctx.font = 12 * ratio + 'px Arial, sans-serif';
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    content.limits().forEach(limit => {
      const isAcross = content.position !== undefined;
      const at = isAcross ? plot.valToPos(content.position(limit.at), 'x', true) : plot.valToPos(limit.at, 'y', true);
      const [first, last] = isAcross ? [bbox.left, bbox.left + bbox.width] : [bbox.top, bbox.top + bbox.height];
      const arrow = at < first ? (isAcross ? '← ' : '↑ ') : at > last ? (isAcross ? '→ ' : '↓ ') : '';
      const inside = Math.max(first, Math.min(last, at));
      if (arrow === '') {
        ctx.beginPath();
        ctx.moveTo(isAcross ? at : bbox.left, isAcross ? bbox.top : at);
        ctx.lineTo(isAcross ? at : bbox.left + bbox.width, isAcross ? bbox.top + bbox.height : at);
        ctx.stroke();
      }
      const write = (x, y) => {
        ctx.save();
        ctx.setLineDash([]);
        ctx.lineWidth = 4 * ratio;
        ctx.strokeStyle = kit.color('--gatling-background-light-color');
        ctx.strokeText(arrow + limit.label, x, y);
        ctx.restore();
        ctx.fillText(arrow + limit.label, x, y);
      };
      if (isAcross) {
        const isRight = inside > (first + last) / 2;
        ctx.textAlign = isRight ? 'right' : 'left';
        write(inside + (isRight ? -5 : 5) * ratio, bbox.top + 12 * ratio);
      } else {
        /* names of lines are at the right */
        ctx.textAlign = 'left';
        write(bbox.left + 4 * ratio, inside + (inside < first + 18 * ratio ? 15 : -7) * ratio);
      }
    });
    ctx.restore();
  };
})(Llm);
