import { describe, expect, it } from 'vitest';
import { majorOf, parseJavaVersion } from './java.ts';

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', '17.0.15'],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njava version "1.8.0_392"', '1.8.0_392'],
    ['The operation couldn’t be completed. Unable to locate a Java Runtime.', undefined],
  ])('%s', (output, expected) => {
    expect(parseJavaVersion(output)).toBe(expected);
  });
});

describe('majorOf', () => {
  it.each([
    ['17.0.15', 17],
    ['21-ea', 21],
    ['25', 25],
    ['1.8.0_392', 8],
    ['11.0.2+9', 11],
  ])('%s is %i', (version, expected) => {
    expect(majorOf(version)).toBe(expected);
  });
});
