/* The objectives of goodput: those of the run, until the reader tries others. */
(kit => {
  'use strict';

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
        ctx.textAlign = 'right';
        write(bbox.left + bbox.width - 4 * ratio, inside < first + 16 * ratio ? inside + 13 * ratio : inside - 4 * ratio);
      }
    });
    ctx.restore();
  };
})(Llm);
