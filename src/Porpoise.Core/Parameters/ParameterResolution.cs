using System.Text;

namespace Porpoise.Core.Parameters;

/// <summary>
/// Which values the parameters of a task have: a start parameter wins over the node's own, that over what tasks before it gave, that over the workflow's. A
/// value of the node's own that is empty leaves the word to the others.
/// <para>
/// What a task gave is data and stays as it is. All other values may refer to other parameters as <c>${name}</c>; a value that refers to its own name means the next weaker one. They may also have
/// time expressions, <c>$[yyyyMMdd-1]</c>, in which references are replaced first. What cannot be replaced stays as it is written: an unknown name, a reference that leads back to itself or is
/// nested deeper than <see cref="DepthMax"/>, what is no time expression, and everything after <see cref="ReplacedMax"/> characters have been put in for references.
/// </para>
/// </summary>
public static class ParameterResolution
{
    /// <summary>References inside of values of references.</summary>
    public const int DepthMax = 32;

    /// <summary>Characters that references may be replaced with, in all values of one task together.</summary>
    public const int ReplacedMax = 1024 * 1024;

    /// <summary>The longest name that is looked for in a reference.</summary>
    public const int NameLengthMax = 256;

    private static readonly Dictionary<string, string> None = [];

    /// <summary>Every known name with its value. Of two parameters of one list with the same name the later one counts.</summary>
    /// <param name="start">What the starter of the run gave.</param>
    /// <param name="local">The node's own; those of direction <see cref="ParameterDirection.Out"/> are results, not values.</param>
    /// <param name="inherited">What tasks before it gave.</param>
    /// <param name="global">The workflow's.</param>
    /// <param name="time">What time expressions and the parameters that nobody gives stand for; null: they stay as they are written.</param>
    public static IReadOnlyDictionary<string, string> Resolve(
        IReadOnlyDictionary<string, string> start, IReadOnlyList<Parameter> local, InheritedValues inherited, IReadOnlyList<Parameter> global, ParameterTime? time = null)
    {
        if (start.Count + local.Count + global.Count == 0 && inherited.IsEmpty)
        {
            return None;
        }

        // From the weakest to the strongest: each definition knows the one that it hides.
        var definitions = new Dictionary<string, Definition>(StringComparer.Ordinal);
        foreach (var parameter in global)
        {
            Define(definitions, parameter.Name, parameter.Value, ParameterSource.Global);
        }

        foreach (var (name, value) in inherited.All)
        {
            Define(definitions, name, value, ParameterSource.Inherited);
        }

        foreach (var parameter in local.Where(p => p.Direction == ParameterDirection.In))
        {
            if (parameter.Value.Length > 0 || !definitions.ContainsKey(parameter.Name))
            {
                Define(definitions, parameter.Name, parameter.Value, ParameterSource.Local);
            }
        }

        foreach (var (name, value) in start)
        {
            Define(definitions, name, value, ParameterSource.Start);
        }

        var resolver = new Resolver(definitions, time);
        return definitions.ToDictionary(d => d.Key, d => resolver.Resolve(d.Value), StringComparer.Ordinal);
    }

    private static void Define(Dictionary<string, Definition> definitions, string name, string value, ParameterSource source)
    {
        var hidden = definitions.GetValueOrDefault(name);
        definitions[name] = new Definition(name, value, source, hidden?.Source == source ? hidden.Hidden : hidden);
    }

    private enum ParameterSource
    {
        Global,
        Inherited,
        Local,
        Start,
    }

    private sealed class Definition(string name, string text, ParameterSource source, Definition? hidden)
    {
        public string Name => name;

        public string Text => text;

        public ParameterSource Source => source;

        public Definition? Hidden => hidden;
    }

    /// <summary>Replaces references, within the bounds of one task.</summary>
    private sealed class Resolver(Dictionary<string, Definition> definitions, ParameterTime? time)
    {
        private readonly Dictionary<Definition, string> _known = [];
        private readonly Stack<Definition> _path = new();
        private int _left = ReplacedMax;

        /// <summary>True when something since the last look was left as it is because of where it stood: such a value is not the same elsewhere.</summary>
        private bool _isCut;

        public string Resolve(Definition definition)
        {
            if (definition.Source == ParameterSource.Inherited || !definition.Text.Contains('$', StringComparison.Ordinal))
            {
                return definition.Text;
            }

            if (_known.TryGetValue(definition, out var known))
            {
                return known;
            }

            var wasCut = _isCut;
            _isCut = false;
            _path.Push(definition);
            var value = Replace(definition.Text, definition);
            _path.Pop();
            if (!_isCut)
            {
                _known.Add(definition, value);
            }

            _isCut |= wasCut;
            return value;
        }

        private string Replace(string text, Definition inside)
        {
            var result = new StringBuilder();
            var from = 0;
            while (text.IndexOf('$', from) is var at and >= 0)
            {
                result.Append(text, from, at - from);
                if ((ReferenceAt(text, at, inside) ?? TimeAt(text, at, inside)) is var (value, next))
                {
                    result.Append(value);
                    from = next;
                }
                else
                {
                    result.Append('$'); // what follows may hold another reference
                    from = at + 1;
                }
            }

            return result.Append(text, from, text.Length - from).ToString();
        }

        private (string Value, int Next)? ReferenceAt(string text, int at, Definition inside)
        {
            var end = EndOf(text, at, '{', '}', NameLengthMax);
            return end >= 0 && ValueOf(text[(at + 2)..end], inside) is { } value ? (value, end + 1) : null;
        }

        private (string Value, int Next)? TimeAt(string text, int at, Definition inside)
        {
            var end = time is null ? -1 : EndOf(text, at, '[', ']', TimeExpression.LengthMax);
            if (end < 0)
            {
                return null;
            }

            var expression = text[(at + 2)..end];
            if (expression.Contains("${", StringComparison.Ordinal))
            {
                expression = Replace(expression, inside);
            }

            if (time!.Evaluate(expression) is not { } value)
            {
                return null;
            }

            if (Pay(value.Length))
            {
                return (value, end + 1);
            }

            _isCut = true;
            return null;
        }

        private static int EndOf(string text, int at, char open, char close, int lengthMax) =>
            at + 1 < text.Length && text[at + 1] == open ? text.IndexOf(close, at, Math.Min(lengthMax + 3, text.Length - at)) : -1;

        /// <summary>Null: the reference stays as it is.</summary>
        private string? ValueOf(string name, Definition inside)
        {
            var target = name == inside.Name ? inside.Hidden : definitions.GetValueOrDefault(name);
            if (target is null)
            {
                return time?.BuiltIn(name) is { } own && Pay(own.Length) ? own : null;
            }

            // The text is paid for before it is read, the value when it is put in: nothing is free, so the work is bounded too.
            if (_path.Contains(target) || _path.Count >= DepthMax || !Pay(target.Text.Length))
            {
                _isCut = true;
                return null;
            }

            var value = Resolve(target);
            if (Pay(value.Length - target.Text.Length))
            {
                return value;
            }

            _isCut = true;
            return null;
        }

        private bool Pay(int characters)
        {
            if (characters > _left)
            {
                return false;
            }

            _left -= Math.Max(characters, 0);
            return true;
        }
    }
}
