/* Charts of means with their errors over the values of a parameter, and limits across. */
(kit => {
  'use strict';

  const COLORS = ['blue', 'orange', 'violet', 'green', 'red', 'amber', 'gray'];
  const CORNERS = { circle: 0, square: 4, triangle: 3, diamond: 4 };
  const SHAPES = Object.keys(CORNERS);

  /* The color and the shape of a line, by its number: lines differ even without colors. */
  kit.look = number => ({
    color: kit.colors[COLORS[number % COLORS.length]],
    shape: SHAPES[number % SHAPES.length]
  });

  /* Positions of values on an axis: by ratio if they are numbers that differ at least fourfold, by
     difference if they are other numbers, else one after another. */
  kit.spread = (values, evenly) => {
    const numbers = values.map(Number);
    if (evenly || !values.every((value, index) => value !== '' && Number.isFinite(numbers[index]))) {
      return values.map((value, index) => [value, index]);
    }
    const byRatio = Math.min(...numbers) > 0 && Math.max(...numbers) >= 4 * Math.min(...numbers);
    return values.map((value, index) => [value, byRatio ? Math.log(numbers[index]) : numbers[index]])
      .sort((one, other) => one[1] - other[1]);
  };

  function canvasPoint(plot, index, value) {
    return [plot.valToPos(plot.data[0][index], 'x', true), plot.valToPos(value, 'y', true)];
  }

  function outline(shape) {
    const corners = CORNERS[shape];
    const turn = shape === 'square' ? Math.PI / 4 : 0;
    return (plot, series, from, to) => {
      const path = new Path2D();
      const size = 5 * devicePixelRatio;
      for (let index = from; index <= to; index++) {
        const value = plot.data[series][index];
        if (value == null) {
          continue;
        }
        const [x, y] = canvasPoint(plot, index, value);
        if (corners === 0) {
          path.moveTo(x + size, y);
          path.arc(x, y, size, 0, 2 * Math.PI);
          continue;
        }
        for (let corner = 0; corner < corners; corner++) {
          const angle = turn + 2 * Math.PI * corner / corners;
          path[corner === 0 ? 'moveTo' : 'lineTo'](
            x + 1.2 * size * Math.sin(angle), y - 1.2 * size * Math.cos(angle));
        }
        path.closePath();
      }
      return { fill: path, stroke: path, flags: 3 };
    };
  }

  function stroke(plot, color, dash, lines) {
    const canvas = plot.ctx;
    canvas.save();
    canvas.beginPath();
    canvas.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    canvas.clip();
    canvas.beginPath();
    canvas.strokeStyle = color;
    canvas.lineWidth = 1.5 * devicePixelRatio;
    canvas.setLineDash(dash);
    lines.forEach(([x1, y1, x2, y2]) => {
      canvas.moveTo(x1, y1);
      canvas.lineTo(x2, y2);
    });
    canvas.stroke();
    canvas.restore();
  }

  /* The ends of the intervals on the axis across, where they are known. */
  function drawRanges(plot, series, ranges) {
    const cap = 4 * devicePixelRatio;
    const bars = ranges.flatMap((range, index) => {
      if (!range) {
        return [];
      }
      const y = canvasPoint(plot, index, plot.data[series][index])[1];
      const [low, high] = range.map(end => plot.valToPos(end, 'x', true));
      return [[low, y, high, y], [low, y - cap, low, y + cap], [high, y - cap, high, y + cap]];
    });
    stroke(plot, kit.color(plot.series[series].variable), [], bars);
  }

  /* The interval of a dot that has an error: its own, which need not be as wide on both sides, or the mean ± the error. */
  const interval = dot => dot?.error > 0 ? [dot.low ?? dot.mean - dot.error, dot.high ?? dot.mean + dot.error] : null;

  function drawErrors(plot, series, intervals) {
    const cap = 4 * devicePixelRatio;
    const bars = intervals.flatMap((ends, index) => {
      if (!ends) {
        return [];
      }
      const [x, top] = canvasPoint(plot, index, ends[1]);
      const low = plot.scales.y.distr === 3 ? Math.max(ends[0], plot.scales.y.min) : ends[0];
      const bottom = canvasPoint(plot, index, low)[1];
      return [[x, top, x, bottom], [x - cap, top, x + cap, top], [x - cap, bottom, x + cap, bottom]];
    });
    stroke(plot, kit.color(plot.series[series].variable), [], bars);
  }

  function drawLimit(plot, limit) {
    const y = plot.valToPos(limit.value, 'y', true);
    const left = plot.bbox.left;
    stroke(plot, kit.color('--llm-bad'), [5 * devicePixelRatio, 4 * devicePixelRatio],
      [[left, y, left + plot.bbox.width, y]]);
    plot.ctx.save();
    plot.ctx.fillStyle = kit.color('--gatling-text-color');
    plot.ctx.font = 11 * devicePixelRatio + 'px Arial, sans-serif';
    plot.ctx.textAlign = 'left';
    plot.ctx.fillText(limit.name, left + 4 * devicePixelRatio, y - 4 * devicePixelRatio);
    plot.ctx.restore();
  }

  /* From 0, unless all values lie far above it or some below. */
  function valueScale(chart) {
    const dots = chart.lines.flatMap(line => Object.values(line.dots)).filter(dot => dot.mean !== null);
    const limits = (chart.limits || []).map(limit => limit.value);
    const highest = Math.max(...dots.map(dot => dot.mean + (dot.error || 0)), ...limits);
    const lowest = Math.min(...dots.map(dot => dot.mean - (dot.error || 0)), ...limits);
    const least = Math.min(...dots.map(dot => dot.mean));
    if (dots.length === 0) {
      return { range: () => [0, 1] };
    }
    if (least > 0 && highest > 100 * least) {
      return { distr: 3, range: () => uPlot.rangeLog(least, highest, 10, false) };
    }
    /* An error bar may reach below 0 or above 100 % where no value can. */
    const low = least < 0 ? lowest : Math.max(0, lowest);
    const most = chart.unit === '%' ? 100 : Infinity;
    return {
      range: () => (chart.zero || low < 0.7 * highest) && low >= 0
        ? kit.fromZero.range(null, 0, highest).map(end => Math.min(end, most))
        : uPlot.rangeNum(low, highest, 0.1, true).map(end => Math.min(end, most))
    };
  }

  /* Labels, without those that would overlap. */
  function labels(spread) {
    return (plot, splits) => {
      let end = -Infinity;
      return splits.map((at, index) => {
        const text = spread[index][0].length > 14 ? spread[index][0].slice(0, 13) + '…' : spread[index][0];
        const middle = plot.valToPos(at, 'x');
        if (middle - 3.5 * text.length < end) {
          return '';
        }
        end = middle + 3.5 * text.length + 6;
        return text;
      });
    };
  }

  /*
   * chart: id, title, unit, across (the parameter's name), values of the parameter, evenly, zero (whether the
   * axis of values starts there), lines [{ name,
   * look, joined, marks, dots }] and limits [{ name, value }]. dots maps a value to { mean, error }, and to
   * the range of the value itself where that was measured, too, and what the dot is of; name returns how a
   * value is written.
   */
  kit.meansChart = chart => kit.chart(chart.id, [], () => {
    const spread = kit.spread(chart.values, chart.evenly);
    const written = value => chart.name ? chart.name(value) : value;
    const isPlain = spread.every(([value, at]) => at === Number(value));
    const position = value => isPlain ? value : Math.log(value);
    const unit = chart.unit ? ' ' + chart.unit : '';
    const scale = valueScale(chart);
    const room = (spread[spread.length - 1][1] - spread[0][1]) * 0.06 || 1;
    const lines = chart.lines.map(line => ({
      line: line,
      means: spread.map(([value]) => line.dots[value] ? line.dots[value].mean : null),
      errors: spread.map(([value]) => line.dots[value] ? line.dots[value].error : null),
      intervals: spread.map(([value]) => interval(line.dots[value])),
      names: spread.map(([value]) => line.dots[value]?.of),
      ranges: spread.map(([value]) => line.dots[value]?.range ? line.dots[value].range.map(position) : null)
    }));
    const ends = lines.flatMap(line => line.ranges.flatMap(range => range || []));
    return {
      title: chart.title + (chart.unit ? ' (' + chart.unit + ')' : ''),
      caption: (chart.caption || 'Over ' + chart.across + '.')
        + (scale.distr === 3 ? ' The axis of values is logarithmic.' : ''),
      x: {
        name: chart.across,
        format: at => chart.across + ' ' + written(spread.find(entry => entry[1] === at)[0]),
        value: at => spread.find(entry => entry[1] === at)[0]
      },
      series: lines.map(({ line, errors, intervals, names }) => kit.line({
        label: line.name,
        color: line.look.color,
        shape: line.look.shape,
        joined: line.joined !== false && line.marks !== false,
        paths: line.joined === false ? () => null : undefined,
        points: line.marks === false ? { show: false } : {
          show: true,
          size: 8,
          fill: () => kit.color(line.look.color),
          paths: outline(line.look.shape)
        },
        format: (value, index) => kit.score(value)
          + (errors[index] > 0 && !line.hasIntervals ? ' ± ' + kit.score(errors[index], 2) : '') + unit
          + (intervals[index] && line.hasIntervals ? ' (' + intervals[index].map(end => kit.score(end)).join(' to ') + ')' : '')
          + (names[index] ? ', ' + names[index] : '')
      })),
      columns: [spread.map(entry => entry[1])].concat(lines.map(line => line.means)),
      counts: lines.filter(({ errors }) => errors.some(error => error > 0))
        .map(({ line, errors }) => ({ name: line.name + ' ±', values: errors, isError: true })),
      options: {
        padding: [14, 20, null, null],
        scales: { x: {
            time: false,
            range: (_plot, min, max) => [Math.min(min, ...ends) - room, Math.max(max, ...ends) + room]
          }, y: scale },
        axes: [
          kit.xAxis({ splits: () => spread.map(entry => entry[1]), values: labels(spread.map(([value, at]) => [written(value), at])) }),
          scale.distr === 3 ? kit.logAxis() : kit.valueAxis()
        ],
        hooks: {
          drawSeries: [(plot, series) => {
            drawErrors(plot, series, lines[series - 1].intervals);
            drawRanges(plot, series, lines[series - 1].ranges);
          }],
          draw: [plot => { (chart.limits || []).forEach(limit => { drawLimit(plot, limit); }); }]
        }
      }
    };
  });
})(Llm);
