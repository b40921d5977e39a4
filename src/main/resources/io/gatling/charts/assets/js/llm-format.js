/* Writes numbers, and puts data into a page: as text, never as markup. */
var Llm = {};

(kit => {
  'use strict';

  kit.NOT_REPORTED = 'not reported';

  /* What is known of a prompt's share that the server need not compute. */
  kit.wasCached = data => data.totals.cacheHitPercent === null ? 'had been sent before' : 'was cached';

  const fixed = (value, decimals) =>
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  kit.fixed = fixed;

  /* About three significant digits: 0.034, 4.27, 38.1, 412, 12,345. */
  kit.figure = value => {
    const size = Math.abs(value);
    return fixed(value, size === 0 ? 0 : size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
  };

  /* Tokens: whole numbers, but their means may have decimals. */
  kit.tokens = value => Number.isInteger(value) ? fixed(value, 0) : kit.figure(value);

  kit.whole = value => fixed(value, 0);

  kit.rate = value => fixed(value, value < 1000 ? 1 : 0);

  /* A percentage. One that is neither 0 nor 100 is not rounded to that. */
  kit.share = value => value > 0 && value < 0.05 ? '< 0.1'
    : value >= 99.95 && value < 100 ? '> 99.9'
    : fixed(value, 1);

  kit.percent = value => kit.share(value) + ' %';

  /* A score with this many significant digits, whole numbers in full. */
  kit.score = (value, digits = 4) => value.toLocaleString('en-US', Math.abs(value) >= 10 ** (digits - 1)
    ? { maximumFractionDigits: 0 }
    : { maximumSignificantDigits: digits });

  /* A moment, in the reader's time zone. */
  kit.moment = iso => iso ? new Date(iso).toLocaleString('sv-SE') : 'start unknown';

  /* Which part of a load a run sent; empty for all of it. */
  kit.shard = run => run?.shard?.count > 1 ? 'shard ' + run.shard.index + '/' + run.shard.count : '';

  /* A text in which a number and its unit stay on one line. */
  kit.unbroken = text => text.replace(/(\d) (?=(%|ms|s)(?!\w))/g, '$1\u00a0');

  /* A label of an axis. */
  kit.tick = value => value.toLocaleString('en-US', { maximumFractionDigits: 6 });

  kit.seconds = value => {
    const whole = Math.abs(value);
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = part => String(part).padStart(2, '0');
    return (value < 0 ? '−' : '') + (whole < 60 ? whole + ' s'
      : hours === 0 ? minutes + ':' + two(rest) + ' min'
        : hours + ':' + two(minutes) + (rest === 0 ? '' : ':' + two(rest)) + ' h');
  };

  /* The beginning of a long text. */
  kit.brief = (text, most) => text.length > most ? [...text].slice(0, most - 1).join('') + '…' : text;

  kit.plural = (count, noun) => {
    const many = noun.endsWith('y') ? noun.slice(0, -1) + 'ies' : noun + 's';
    return kit.whole(count) + ' ' + (count === 1 ? noun : many);
  };

  /* An element with attributes, and children that are elements or text. */
  kit.element = (name, attributes, children) => {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(([key, value]) => { element.setAttribute(key, value); });
    element.append(...children || []);
    return element;
  };
})(Llm);
