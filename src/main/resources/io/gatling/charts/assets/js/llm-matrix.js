/* The page of a benchmark's results: scores, their charts over each parameter, and the iterations. */
(kit => {
  'use strict';

  const el = kit.element;
  const { choice, metricOf, unique } = kit.rows;

  /* The metrics of all rows, in their order. */
  function metricsOf(rows) {
    return unique(rows.flatMap(row => row.metrics.map(metric => metric.name)))
      .map(name => metricOf(rows.find(row => metricOf(row, name)), name));
  }

  function scoreCell(metric, warning) {
    const marked = warning ? [' ', el('a', {
      class: 'llm-mark',
      href: '#' + warning.id,
      title: warning.text
    }, ['(' + warning.number + ')'])] : [];
    if (!metric || metric.mean === null) {
      return { raw: null, content: ['–'].concat(marked) };
    }
    const error = metric.error === null ? [] : [el('small', {}, [' ± ' + kit.score(metric.error, 2)])];
    return { raw: metric.mean, content: [kit.score(metric.mean)].concat(error, marked) };
  }

  function parameterCell(value) {
    return Number.isFinite(Number(value)) ? { raw: value, text: value } : kit.cell.words(value);
  }

  function forksCell(reports) {
    const links = reports.flatMap((report, index) => [' ', el('a', {
      href: report,
      title: 'Gatling’s report of fork ' + (index + 1)
    }, [String(index + 1)])]);
    return kit.cell.words(reports.join(' '), links.slice(1));
  }

  function table(id, rows, parameters, warnings) {
    const metrics = metricsOf(rows);
    const linked = rows.some(row => row.reports.length > 0);
    const names = parameters.length === 0 ? ['Benchmark'] : parameters;
    const value = (row, name) => row.params[name] === undefined ? '–' : row.params[name];
    return kit.table({
      id: id + '-scores',
      title: 'Scores',
      columns: names.map(name => ({ name: name })).concat(
        metrics.map((metric, index) => ({
          name: metric.name,
          unit: metric.unit + (index === 0 ? ' (the score)' : '')
        })),
        linked ? [{ name: 'Forks' }] : []),
      rows: rows.map(row => ({
        name: parameters.length === 0 ? row.benchmark : value(row, parameters[0]),
        cells: parameters.slice(1).map(name => parameterCell(value(row, name))).concat(
          metrics.map(metric => scoreCell(metricOf(row, metric.name), warnings.find(warning =>
            warning.row === row && warning.metric === metric.name))),
          linked ? [forksCell(row.reports)] : [])
      }))
    });
  }

  /* A chart of each metric over a parameter, with a line for each choice of the others. */
  function over(id, parameter, rows, varied) {
    const others = row => varied.filter(name => name !== parameter)
      .map(name => name + '=' + (row.params[name] === undefined ? '–' : row.params[name])).join(', ');
    const measured = rows.filter(row => row.params[parameter] !== undefined);
    const groups = unique(measured.map(others));
    const isMeasured = metric => measured.some(row => Number.isFinite(metricOf(row, metric.name)?.mean));
    return metricsOf(rows).filter(isMeasured).map((metric, number) => kit.meansChart({
      id: id + '-' + (number + 1),
      title: metric.name,
      unit: metric.unit,
      across: parameter,
      values: unique(measured.map(row => row.params[parameter])),
      lines: groups.map((group, index) => ({
        name: group || metric.name,
        look: kit.look(index),
        dots: Object.fromEntries(measured.filter(row => others(row) === group && metricOf(row, metric.name))
          .map(row => [row.params[parameter], metricOf(row, metric.name)]))
      }))
    }));
  }

  /* The primary metric of each iteration, with a line for each fork. */
  function iterations(id, row) {
    const score = row.metrics[0];
    const longest = Math.max(1, ...score.forks.map(fork => fork.length));
    return kit.meansChart({
      id: id,
      title: choice(row) || score.name,
      unit: score.unit,
      across: 'iteration',
      evenly: true,
      zero: true,
      caption: 'Each measured iteration. A load that has settled has no slope.',
      values: Array.from({ length: longest }, (_none, index) => String(index + 1)),
      lines: score.forks.map((fork, index) => ({
        name: 'Fork ' + (index + 1),
        look: kit.look(index),
        dots: Object.fromEntries(fork.map((value, at) => [String(at + 1), { mean: value, error: null }]))
      }))
    });
  }

  function pareto(id, rows, varied) {
    const chart = kit.pareto(id, rows, varied);
    return chart === null ? [] : [heading('Throughput against interactivity'), kit.charts([chart])];
  }

  function heading(text) {
    return el('h2', { class: 'llm-part' }, [text]);
  }

  function sections(name, rows, number) {
    const id = 'benchmark' + number;
    const parameters = unique(rows.flatMap(row => Object.keys(row.params)));
    const varied = parameters.filter(parameter =>
      unique(rows.map(row => row.params[parameter]).filter(value => value !== undefined)).length > 1);
    const warnings = rows.flatMap(row => row.warnings.map(warning => ({
      row: row,
      metric: warning.metric,
      level: 'warning',
      about: (choice(row) ? choice(row) + ': ' : '') + warning.metric,
      text: warning.text
    })));
    warnings.forEach((warning, index) => {
      warning.number = index + 1;
      warning.id = id + '-warnings-' + (index + 1);
    });
    return [heading(name)].concat(
      table(id, rows, parameters, warnings),
      kit.findings(id + '-warnings', 'Warnings', warnings),
      pareto(id, rows, varied),
      varied.flatMap(parameter => [
        heading('Over ' + parameter),
        kit.charts(over(id + '-' + parameter, parameter, rows, varied))
      ]),
      rows.every(row => row.metrics[0].forks.every(fork => fork.filter(Number.isFinite).length < 2)) ? [] : [
        heading('Iterations'),
        kit.charts(rows.map((row, index) => iterations(id + '-iterations-' + (index + 1), row)))
      ]);
  }

  kit.matrixPage = () => {
    const data = kit.data();
    const names = unique(data.rows.map(row => row.benchmark));
    kit.page(names.length === 1 ? names[0] : 'Benchmarks', data.subtitle, names.flatMap((name, index) =>
      sections(name, data.rows.filter(row => row.benchmark === name), index + 1)));
  };
})(Llm);
