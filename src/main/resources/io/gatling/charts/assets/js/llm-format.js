/* How the Tokens tab writes numbers, and how it puts data into the page: as text, never as markup. */
var LlmTokens = {};

(function (tab) {
  'use strict';

  tab.NOT_REPORTED = 'not reported';

  function fixed(value, decimals) {
    return value.toLocaleString('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals
    });
  }

  /* About three digits that mean something: 0.034, 4.27, 38.1, 412, 12,345. */
  tab.figure = function (value) {
    const size = Math.abs(value);
    return fixed(value, size === 0 ? 0 : size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
  };

  /* Tokens are whole, their means need not be. */
  tab.tokens = function (value) {
    return Number.isInteger(value) ? fixed(value, 0) : tab.figure(value);
  };

  tab.whole = function (value) {
    return fixed(value, 0);
  };

  tab.rate = function (value) {
    return fixed(value, value < 1000 ? 1 : 0);
  };

  tab.percent = function (value) {
    return fixed(value, 1) + ' %';
  };

  /* An axis knows how fine its own steps are. */
  tab.tick = function (value) {
    return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
  };

  tab.seconds = function (value) {
    const whole = Math.abs(value);
    const sign = value < 0 ? '−' : '';
    const two = function (part) { return String(part).padStart(2, '0'); };
    if (whole < 60) {
      return sign + whole + ' s';
    }
    const minutes = Math.floor(whole / 60);
    const rest = whole % 60;
    if (minutes < 60) {
      return sign + minutes + ':' + two(rest) + ' min';
    }
    return sign + Math.floor(minutes / 60) + ':' + two(minutes % 60)
      + (rest === 0 ? '' : ':' + two(rest)) + ' h';
  };

  tab.plural = function (count, noun) {
    const many = noun.endsWith('y') ? noun.slice(0, -1) + 'ies' : noun + 's';
    return tab.whole(count) + ' ' + (count === 1 ? noun : many);
  };

  /* An element with attributes, and children that are elements or text. */
  tab.element = function (name, attributes, children) {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(function (attribute) {
      element.setAttribute(attribute[0], attribute[1]);
    });
    (children || []).forEach(function (child) {
      element.append(child instanceof Node ? child : String(child));
    });
    return element;
  };
})(LlmTokens);
