/* The page of a search for the largest load that meets its objectives. */
(kit => {
  'use strict';

  const el = kit.element;

  const LOOKS = {
    sustained: { color: kit.colors.blue, shape: 'circle' },
    'not sustained': { color: kit.colors.orange, shape: 'square' },
    undecided: { color: kit.colors.gray, shape: 'triangle' }
  };

  /* A line of points for each verdict. key and dot return where a point is drawn. */
  function lines(points, key, dot) {
    return Object.keys(LOOKS).map(verdict => ({
      name: verdict,
      look: LOOKS[verdict],
      joined: false,
      dots: Object.fromEntries(points.filter(point => point.verdict === verdict)
        .map(point => [key(point), dot(point)]))
    })).filter(line => Object.keys(line.dots).length > 0);
  }

  function steps(data) {
    const number = point => String(data.points.indexOf(point) + 1);
    const value = point => ({ mean: point.value, error: null });
    return kit.meansChart({
      id: 'search-steps',
      title: data.parameter,
      across: 'measurement',
      evenly: true,
      caption: 'Loads in the order of measurement.',
      values: data.points.map(number),
      lines: [{
        name: 'path',
        look: { color: kit.colors.amber, shape: 'circle' },
        marks: false,
        dots: Object.fromEntries(data.points.map(point => [number(point), value(point)]))
      }].concat(lines(data.points, number, value)),
      limits: data.limit === null ? [] : [{ name: 'sustained: ' + data.limit, value: data.limit }]
    });
  }

  function objectiveChart(data, check, index) {
    const value = point => String(point.value);
    return kit.meansChart({
      id: 'search-objective-' + (index + 1),
      title: check.metric,
      unit: check.unit,
      across: data.parameter,
      values: Array.from(new Set(data.points.map(value))),
      lines: lines(data.points, value, point => point.checks[index]).map(line => ({ ...line, hasIntervals: true })),
      limits: [{ name: check.objective, value: check.limit }]
    });
  }

  const loadOf = (data, value) => data.parameter === 'users'
    ? value + (value === 1 ? ' user' : ' users')
    : data.parameter + '=' + value;

  /* How far each objective is met at the limit, by the end of the interval that is nearer to it, and what broke. */
  function headroom(data) {
    const at = data.points.find(point => point.value === data.limit);
    const broken = data.points.find(point => point.value === data.broke);
    if (!at) {
      return [];
    }
    const room = check => {
      const worst = check.objective.includes('>') ? check.low : check.high;
      return worst === null || check.limit === 0 ? kit.cell.none : kit.cell.percent(100 * Math.abs(check.limit - worst) / check.limit);
    };
    return [kit.table({
      id: 'search-headroom',
      title: 'At the limit',
      columns: ['Objective', 'At ' + loadOf(data, at.value), 'Headroom']
        .concat(broken ? ['At ' + loadOf(data, broken.value)] : []).map(name => ({ name: name })),
      rows: at.checks.map((check, index) => ({
        name: check.objective,
        cells: [kit.cell.words(check.text), room(check)].concat(broken
          ? [kit.cell.words(broken.checks[index].text
            + (broken.checks[index].verdict === 'not sustained' ? ': broke first' : ''))]
          : [])
      })),
      below: 'Headroom is the distance of the objective from the nearer end of the interval.'
    })];
  }

  function pareto(data) {
    const rows = data.points.map(point => ({ params: { [data.parameter]: point.value }, metrics: point.metrics }));
    const chart = kit.pareto('search', rows, [data.parameter],
      'Throughput against interactivity');
    return chart === null ? [] : [chart];
  }

  function table(data) {
    return kit.table({
      id: 'search-loads',
      title: 'Loads',
      columns: ['#', data.parameter, 'Verdict', 'Iterations', 'Output tokens/s']
        .concat(data.objectives).map(name => ({ name: name })),
      rows: data.points.map((point, number) => ({
        name: String(number + 1),
        cells: [
          { raw: point.value, text: String(point.value) },
          kit.cell.words(point.verdict),
          kit.cell.whole(point.iterations),
          point.outputTokensPerSecond === null ? kit.cell.words('–')
            : { raw: point.outputTokensPerSecond, text: kit.score(point.outputTokensPerSecond) }
        ].concat(point.checks.map(check => kit.cell.words(check.verdict === 'sustained' ? check.text : check.text + ': ' + check.verdict)))
      }))
    });
  }

  kit.searchPage = () => {
    const data = kit.data();
    const warnings = data.points.flatMap(point => point.doubts.map(warning => ({
      level: 'warning',
      about: data.parameter + '=' + point.value,
      text: warning
    })));
    const look = data.trusted ? 'llm-good' : 'llm-warning';
    const answer = el('p', { id: 'search-answer', class: 'llm-box llm-answer ' + look }, [data.summary]);
    const subtitle = (data.parameter === 'users' ? 'The most users' : 'The largest ' + data.parameter)
      + ' that meet' + (data.parameter === 'users' ? ' ' : 's ') + data.objectives.join(' & ') + ', with ' +
      100 * data.confidence + ' % intervals';
    kit.page(data.parameter === 'users' ? 'How many users?' : 'Limit of ' + data.parameter, subtitle, [answer].concat(data.points.length === 0 ? [] : [
      ...headroom(data),
      kit.charts([steps(data)].concat(data.points[0].checks.map((check, index) => objectiveChart(data, check, index)),
        pareto(data))),
      table(data)
    ], kit.findings('search-warnings', 'Warnings', warnings)), data.objectives.join(' & '));
  };
})(Llm);
