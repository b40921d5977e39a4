/* Draws charts with uPlot, in the colours of the page's theme. */
(kit => {
  'use strict';

  const el = kit.element;

  const HEIGHT = 240;
  const FONT = '12px Arial, sans-serif';
  const NO_DRAG = { x: false, y: false };

  kit.colors = Object.fromEntries(['blue', 'orange', 'violet', 'green', 'amber', 'red', 'gray']
    .map(name => [name, '--llm-' + name]));

  const frames = [];
  let isFollowing = false;

  /* The theme's colour at this moment: a canvas cannot refer to a variable. */
  kit.color = (variable, opacity) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
    const long = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
    return opacity === undefined ? long : long + opacity;
  };

  kit.axis = options => ({
    font: FONT,
    stroke: () => kit.color('--gatling-text-color'),
    grid: { width: 1, stroke: () => kit.color('--gatling-border-color', '80') },
    ticks: { width: 1, size: 4, stroke: () => kit.color('--gatling-border-color') },
    values: (_plot, splits) => splits.map(kit.tick),
    size: 34,
    gap: 6,
    ...options
  });

  kit.xAxis = options => kit.axis({ grid: { show: false }, ...options });

  kit.valueAxis = options => kit.axis({
    size: (_plot, values) => 18 + 7 * Math.max(3, ...(values || []).map(label => label === null ? 0 : label.length)),
    ...options
  });

  /* Round values from low to high. */
  kit.roundValues = (low, high, logarithmic) => {
    const values = [];
    if (!logarithmic) {
      const rough = (high - low) / 6 || 1;
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].map(factor => factor * power)
        .find(candidate => candidate >= rough);
      for (let n = Math.ceil(low / step); n * step <= high; n++) {
        values.push(Number((n * step).toPrecision(12)));
      }
      return values;
    }
    const factors = high / low > 300 ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      factors.forEach(factor => {
        values.push(Number((factor * 10 ** power).toPrecision(12)));
      });
    }
    return values.filter(value => value >= low && value <= high);
  };

  /* An axis of values that is logarithmic. */
  kit.logAxis = () => kit.valueAxis({
    splits: plot => kit.roundValues(plot.scales.y.min, plot.scales.y.max, true),
    filter: (_plot, splits) => splits
  });

  /*
   * A line with its label, color, format of values, and what else uPlot takes. area fills it down to 0.
   * csv is its name in a file, if not the label; why says why it is not available; joined whether its points are.
   */
  kit.line = ({ color, area, ...options }) => ({
    variable: color,
    initially: true,
    available: true,
    joined: options.width !== 0,
    scale: 'y',
    width: 2,
    spanGaps: true,
    points: { size: 5 },
    stroke: () => kit.color(color),
    fill: area ? () => kit.color(color, '26') : undefined,
    ...options
  });

  kit.fromZero = {
    range: (_plot, _min, max) => max == null || max <= 0 ? [0, 1] : [0, uPlot.rangeNum(0, max, 0.1, true)[1]]
  };

  kit.percentScale = { range: () => [0, 100] };

  kit.percentAxis = () => kit.valueAxis({
    values: (_plot, splits) => splits.map(share => kit.tick(share) + ' %')
  });

  /* Joins tables by their first columns; null where a table has no row. */
  kit.join = tables => uPlot.join(tables).map(column => column.map(value => value ?? null));

  /* The values of each line; a chart of stacked lines draws other ones. */
  function valuesOf(content) {
    return content.values || content.columns.slice(1);
  }

  /* A description for screen readers: the range of each line. */
  function inWords(title, content) {
    return content.series.reduce((words, series, index) => {
      const values = valuesOf(content)[index].filter(value => value !== null);
      return values.length === 0 ? words : words + ' ' + series.label + ': from '
        + series.format(Math.min(...values)) + ' to ' + series.format(Math.max(...values)) + '.';
    }, title + '.');
  }

  function asRows(content) {
    const counts = content.counts || [];
    const headings = [...content.series.map(series => series.csv || series.label), ...counts.map(count => count.name)];
    const columns = [...valuesOf(content), ...counts.map(count => count.values)];
    return [[content.x.name, ...headings], ...content.columns[0].map((at, index) =>
      [content.x.value ? content.x.value(at) : at, ...columns.map(column => column[index])])];
  }

  /* How many samples the chart shows. */
  function samples(content) {
    return (content.counts || []).filter(count => !count.isError).map(({ name, values }) =>
      ' ' + kit.plural(values.reduce((sum, value) => sum + value, 0), name.toLowerCase().replace(/s$/, '')) + '.');
  }

  /* The position of the cursor, and the number of responses there. */
  function pointedAt(content, index) {
    const counts = (content.counts || []).filter(count => !count.isError).map(count => count.values[index])
      .filter(count => count != null);
    return content.x.format(content.columns[0][index])
      + (counts.length === 0 ? '' : ', n = ' + counts.map(kit.whole).join(' / '));
  }

  /* How a line is drawn, as a class of its mark in the legend. */
  function markOf(series) {
    return series.shape || (series.width === 0 ? 'square'
      : 'stroke llm-' + (!series.dash ? 'solid' : series.dash[0] > 3 ? 'dashed' : 'dotted'));
  }

  /* A legend whose entries are buttons, and show values where the mouse or the arrow keys point. */
  function legend(frame, content) {
    const entries = content.series.map((series, index) => {
      const value = el('span', { class: 'llm-at-value' });
      const button = el('button', {
        class: 'llm-key',
        type: 'button',
        style: '--llm-key: var(' + series.variable + ')',
        'aria-pressed': String(isShown(frame, series))
      }, [el('span', { class: 'llm-marker llm-' + markOf(series) }), series.label, value]);
      if (!series.available) {
        /* not disabled, so that the reason can be reached by keyboard and by touch */
        button.setAttribute('aria-disabled', 'true');
        button.setAttribute('aria-label', series.label + ': ' + series.why);
        button.title = series.why;
      }
      button.addEventListener('click', () => {
        if (!series.available) {
          frame.at.textContent = series.label + ': ' + series.why;
          return;
        }
        const show = !frame.plot.series[index + 1].show;
        frame.chosen[series.label] = show;
        button.setAttribute('aria-pressed', String(show));
        frame.plot.setSeries(index + 1, { show });
      });
      return { button, value, series };
    });
    frame.legend.replaceChildren(...entries.map(entry => entry.button));
    return plot => {
      const index = plot.cursor.idx;
      frame.at.textContent = index == null ? '' : pointedAt(content, index);
      entries.forEach((entry, column) => {
        const value = index == null ? null : plot.data[column + 1][index];
        entry.value.textContent = value == null ? '' : entry.series.format(value, index);
      });
    };
  }

  /* Whether a line is drawn: as the reader chose, else its initial state. */
  function isShown(frame, series) {
    const chosen = frame.chosen[series.label];
    return series.available && (chosen === undefined ? series.initially : chosen);
  }

  /* Moves the reading point, from where the keys left it if the mouse has left the plot since. */
  function arrowKeys(frame, event) {
    const plot = frame.plot;
    const last = plot.data[0].length - 1;
    const from = plot.cursor.idx ?? frame.readAt;
    const to = {
      ArrowLeft: from == null ? last : Math.max(0, from - 1),
      ArrowRight: from == null ? 0 : Math.min(last, from + 1),
      Home: 0,
      End: last
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      frame.readAt = to;
      plot.setCursor({ left: plot.valToPos(plot.data[0][to], 'x'), top: 0 });
      frame.spoken.textContent = [frame.at, ...frame.legend.querySelectorAll('[aria-pressed="true"]')]
        .map(part => part.textContent).join(', ');
    }
  }

  /* The shown lines of a plot and their points in view, up to an end. */
  function linesInView(plot, end = Infinity) {
    const { min } = plot.scales.x;
    const max = Math.min(plot.scales.x.max, end);
    return plot.series.flatMap((series, column) => column === 0 || !series.show || !series.joined ? [] : [{
      series: series,
      points: plot.data[0].flatMap((x, index) =>
        plot.data[column][index] === null || x < min || x > max ? [] : [[x, plot.data[column][index]]])
    }]).filter(line => line.points.length > 0);
  }

  /* The end of a long label: combinations of parameters begin alike. */
  function short(label) {
    return label.length > 18 ? '…' + label.slice(-17) : label;
  }

  /* Ascending positions at least this distance apart, between two ends as far as there is room. */
  kit.apart = (wanted, distance, low, high) => {
    const places = [];
    wanted.forEach((at, index) => { places.push(Math.max(at, index === 0 ? low : places[index - 1] + distance)); });
    places.reduceRight((most, at, index) => {
      places[index] = Math.min(at, most);
      return places[index] - distance;
    }, high);
    return places;
  };

  /* Names each of several lines at its end, so that no color has to be looked up in the legend. */
  const nameLines = end => plot => {
    const lines = linesInView(plot, end);
    const { ctx, bbox } = plot;
    const pixel = uPlot.pxRatio;
    const height = 13 * pixel;
    if (lines.length < 2 || lines.length > 6) {
      return;
    }
    ctx.save();
    ctx.font = 'bold ' + 11 * pixel + 'px Arial, sans-serif';
    ctx.textAlign = 'right';
    ctx.lineJoin = 'round';
    const ends = lines.map(({ series, points }) => {
      const [x, y] = points[points.length - 1];
      return { series, x: plot.valToPos(x, 'x', true), y: plot.valToPos(y, series.scale, true) - 5 * pixel };
    }).sort((one, other) => one.y - other.y);
    const heights = kit.apart(ends.map(end => end.y), height, bbox.top + height, bbox.top + bbox.height - 4 * pixel);
    ends.forEach(({ series, x }, index) => {
      const text = short(series.label);
      const wide = ctx.measureText(text).width;
      const right = Math.max(x - 2 * pixel, bbox.left + wide + 14 * pixel);
      ctx.strokeStyle = kit.color('--gatling-background-light-color');
      ctx.lineWidth = 4 * pixel;
      ctx.strokeText(text, right, heights[index]);
      ctx.fillStyle = kit.color('--gatling-text-color');
      ctx.fillText(text, right, heights[index]);
      ctx.fillStyle = kit.color(series.variable);
      ctx.fillRect(right - wide - 9 * pixel, heights[index] - 7 * pixel, 6 * pixel, 6 * pixel);
    });
    ctx.restore();
  };

  /* Marks where a line leaves the plot at its top. */
  function markLeaving(plot) {
    const { ctx, bbox } = plot;
    const size = 5 * uPlot.pxRatio;
    linesInView(plot).forEach(({ series, points }) => {
      ctx.fillStyle = kit.color(series.variable);
      points.forEach(([x, y], index) => {
        const isPeak = y > plot.scales[series.scale].max
          && !(points[index - 1]?.[1] > y) && !(points[index + 1]?.[1] >= y);
        if (isPeak) {
          const left = plot.valToPos(x, 'x', true);
          ctx.beginPath();
          ctx.moveTo(left, bbox.top - size);
          ctx.lineTo(left - size, bbox.top + size);
          ctx.lineTo(left + size, bbox.top + size);
          ctx.fill();
        }
      });
    });
  }

  /* The menu of the Tokens tab names what is drawn. */
  function nameInMenu(frame, title) {
    const name = kit.menuName(title);
    const label = document.querySelector('.nav a[href="#' + frame.schema.id + '"] .nav-label');
    frame.schema.dataset.menu = name;
    if (label !== null) {
      label.textContent = name;
    }
  }

  function draw(frame) {
    const content = frame.make();
    const options = content.options;
    const variable = (plot, index) => 'var(' + plot.series[index].variable + ')';
    if (frame.plot) {
      frame.plot.destroy();
    }
    frame.readAt = null;
    frame.title.textContent = content.title;
    nameInMenu(frame, content.title);
    frame.caption.replaceChildren(content.caption, ...samples(content), ...content.hint ? [el('span', { class: 'llm-hint' }, [' ' + content.hint])] : []);
    frame.plot = new uPlot({
      width: frame.place.clientWidth,
      height: HEIGHT,
      ...options,
      legend: { show: false },
      series: [{}, ...content.series.map(series => ({ ...series, show: isShown(frame, series) }))],
      hooks: {
        setCursor: [legend(frame, content)],
        ...options.hooks,
        draw: [
          ...content.limits === undefined ? [] : [kit.paintLimits(content)],
          markLeaving,
          nameLines(content.end),
          ...options.hooks?.draw || []
        ]
      },
      cursor: { y: false, drag: NO_DRAG, points: { size: 8, stroke: variable, fill: variable }, ...options.cursor }
    }, content.columns, frame.place);
    const picture = frame.plot.root.querySelector('.u-wrap');
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', inWords(content.title, content));
    picture.tabIndex = 0;
    picture.addEventListener('keydown', event => { arrowKeys(frame, event); });
    if (content.drawn) {
      content.drawn(frame.plot);
    }
  }

  /*
   * A box with a heading, choices, a line of explanation, a plot and its legend.
   *
   * make() returns what to draw: title, caption, hint (how to use it on a screen), x ({ name, format, value }),
   * series, columns, counts ({ name, values, isError }) of responses or errors, options for uPlot, and drawn,
   * called after drawing. limits() returns lines to be drawn across the chart ({ at, label }): at a value, or at
   * the position(at) on the axis of x. Lines are named at their last point, or at the last one up to end. values
   * are those of the lines where columns has sums of them, to be drawn on top of each other.
   * choices: [{ label, options, selected, choose }]; each choice redraws. The CSV file is named after what
   * is drawn: file, or else the id.
   */
  kit.chart = (id, choices, make) => {
    const at = el('span', { class: 'llm-at' });
    const spoken = el('span', { class: 'llm-unseen', role: 'status' });
    const place = el('div', { class: 'llm-plot' }, [at, spoken]);
    const legendPlace = el('div', { class: 'llm-legend' });
    const caption = el('p', { class: 'llm-caption' });
    const frame = { place, at, spoken, legend: legendPlace, caption, make, chosen: {} };
    const first = make();
    const controls = choices.filter(choice => choice.options.length > 1)
      .map(choice => kit.choice(choice.label, choice.options, choice.selected, index => {
        choice.choose(index);
        draw(frame);
      }));
    const csv = kit.csvButton(() => make().file || id, first.title, () => asRows(make()));
    const header = kit.header(id, first.title, [...controls, csv]);
    frame.title = header.querySelector('.llm-title');
    caption.textContent = first.caption;
    frame.schema = kit.section(id, first.title, 'llm-chart', [header, caption, place, legendPlace]);
    frames.push(frame);
    frame.draw = () => {
      draw(frame);
      new ResizeObserver(() => {
        if (place.clientWidth > 0 && place.clientWidth !== frame.plot.width) {
          frame.plot.setSize({ width: place.clientWidth, height: HEIGHT });
        }
      }).observe(place);
    };
    return frame;
  };

  /* A chart of one of several metrics, of which the reader chooses; null if there is none. */
  kit.chartOfOne = (id, metrics, label, make, chart = kit.chart) => {
    let chosen = metrics[0];
    return metrics.length === 0 ? null : chart(id, [{
      label: 'Metric',
      options: metrics.map(label),
      selected: 0,
      choose: index => { chosen = metrics[index]; }
    }], () => {
      const content = make(chosen);
      return { file: 'tokens-' + kit.menuName(content.title).toLowerCase().replace(/\W+/g, '-'), ...content };
    });
  };

  function redraw() {
    frames.filter(frame => frame.plot).forEach(frame => { frame.plot.redraw(false, true); });
  }

  /* A grid of charts. */
  kit.charts = charts => el('div', { class: 'llm-charts' }, charts.map(chart => chart.schema));

  /* Redraws when the theme changes, and prints with the light one. */
  function followTheme() {
    const root = document.documentElement;
    new MutationObserver(redraw).observe(root, { attributeFilter: ['data-theme'] });
    let theme = null;
    window.addEventListener('beforeprint', () => {
      theme = root.getAttribute('data-theme');
      root.setAttribute('data-theme', 'light');
      redraw();
    });
    window.addEventListener('afterprint', () => {
      root.setAttribute('data-theme', theme);
      redraw();
    });
  }

  /* Draws all charts. Call it when they are in the page and have a width. */
  kit.drawCharts = () => {
    frames.forEach(frame => { frame.draw(); });
    if (!isFollowing) {
      isFollowing = true;
      followTheme();
    }
  };

  /* Removes all charts, before others are made in their place. */
  kit.forgetCharts = () => {
    frames.forEach(frame => { frame.plot?.destroy(); });
    frames.length = 0;
  };

  kit.allCharts = frames;
})(Llm);
