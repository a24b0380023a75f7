/**
 * The fields of a request as options of a command, made from the request's schema: names, explanations and defaults
 * stand there only. Values are checked by the gateway, which knows all rules; here text becomes JSON.
 */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { requestFields, type OptimizationRequestInput, type RequestField } from '@onegin/contracts';

/** Adds an option for every field. */
export function addRequestOptions(command: Command): Command {
  for (const field of requestFields()) for (const option of optionsOf(field)) command.addOption(option);
  return command;
}

/** The request that the parsed options make; what was not given is left to the schema's defaults. */
export function requestOf(options: Readonly<Record<string, unknown>>): OptimizationRequestInput {
  const given = requestFields().flatMap(({ name }) =>
    options[name] === undefined ? [] : [[name, options[name]]],
  );
  return Object.fromEntries(given) as OptimizationRequestInput;
}

export const flagOf = (field: string): string =>
  `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function optionsOf(field: RequestField): Option[] {
  const flag = flagOf(field.name);
  const description = describe(field);
  // No default is given to commander: an option that was not typed must stay absent from the request.
  if (field.type === 'boolean') return [new Option(flag, description)];
  const option = new Option(`${flag} <${placeholder(field)}>`, description).argParser(parserOf(field));
  return [field.required ? option.makeOptionMandatory() : option];
}

function describe({ description, choices, type, ...field }: RequestField): string {
  const parts = [description];
  const forms = [...(choices ?? []), ...(type === 'json' ? ['JSON', '@FILE'] : [])];
  if (forms.length > 0)
    parts.push(`${forms.length > 2 ? 'One of ' : ''}${forms.join(forms.length > 2 ? ', ' : ' or ')}.`);
  const text = typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
  // "Off", "no parameters" and "nothing to try first" go without saying.
  if (text !== undefined && !['false', '{}', '[]'].includes(text)) parts.push(`Default: ${text}.`);
  return parts.join(' ');
}

const placeholder = ({ type, choices }: RequestField): string =>
  choices ? 'name' : type === 'integer' || type === 'number' ? 'n' : type === 'json' ? 'json' : 'text';

function parserOf(field: RequestField): (text: string) => unknown {
  switch (field.type) {
    case 'integer':
    case 'number':
      return (text) => {
        const value = text.trim() === '' ? Number.NaN : Number(text);
        if (!Number.isFinite(value)) throw new InvalidArgumentError('expected a number.');
        return value;
      };
    case 'json':
      return jsonOf;
    default:
      return (text) => text;
  }
}

/** JSON, a file with JSON after an @, or a plain word such as a pruner's name. */
function jsonOf(text: string): unknown {
  if (text.startsWith('@')) return parsed(fileText(text.slice(1)));
  return /^[\w-]+$/.test(text) && !/^(?:null|true|false|\d+)$/.test(text) ? text : parsed(text);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`cannot read ${path}: ${(error as Error).message}.`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON: ${(error as Error).message}.`);
  }
}
