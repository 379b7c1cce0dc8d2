using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Core.Parameters;

/// <summary>Where in a shell script a reference stands: it says how its value gets there as it is.</summary>
internal enum ShellPlace
{
    /// <summary>Outside of quotes.</summary>
    Bare,

    /// <summary>Between double quotes, or in a here-document that the shell expands.</summary>
    Double,

    /// <summary>Where the shell reads the expansion's result once more, as an expression.</summary>
    Arithmetic,
}

/// <summary>
/// What a script has instead of references: those of variables that hold the values. No character of a value is ever part of what is returned here, so a
/// mistake about where a reference stands may leave a value unquoted, but cannot make code of it.
/// </summary>
internal sealed partial class ShellReferences(IReadOnlyDictionary<string, string> values)
{
    private const string GeneratedVariable = "PORPOISE_P";
    private readonly Dictionary<string, string> _generated = new(StringComparer.Ordinal);
    private HashSet<string>? _expressions;

    /// <summary>Variables for names that are no identifiers, and the values they hold; as many as were referred to.</summary>
    public IEnumerable<KeyValuePair<string, string>> Generated => _generated.Select(g => KeyValuePair.Create(g.Value, values[g.Key]));

    public bool IsEmpty => values.Count == 0;

    /// <summary>Null: no parameter that a script can use has this name; the shell is to make of it what it likes.</summary>
    public string? VariableOf(string name)
    {
        if (ShellParameters.IsUsableName(name))
        {
            return values.ContainsKey(name) ? name : null;
        }

        if (ShellParameters.IsIdentifier(name) || !values.ContainsKey(name))
        {
            return null; // PATH and the like are the shell's own
        }

        if (!_generated.TryGetValue(name, out var variable))
        {
            variable = string.Create(CultureInfo.InvariantCulture, $"{GeneratedVariable}{_generated.Count + 1}");
            _generated.Add(name, variable);
        }

        return variable;
    }

    /// <summary>Puts the value there as one piece.</summary>
    public void Put(StringBuilder script, string name, string variable, ShellPlace place)
    {
        _ = place switch
        {
            ShellPlace.Bare => script.Append("\"${").Append(variable).Append("}\""),
            ShellPlace.Arithmetic when !NumberForm().IsMatch(values[name]) => PutRefusal(script, name),
            _ => script.Append("${").Append(variable).Append('}'),
        };
    }

    /// <summary>
    /// A shell evaluates what it finds in a variable that an expression names, and what that names in turn: <c>a[$(command)]</c> as a value would be run. True
    /// for values that could do anything there.
    /// </summary>
    public bool IsExpression(string name) => values.ContainsKey(name) && (_expressions ??= FindExpressions()).Contains(name);

    /// <summary>Makes the shell stop with a message.</summary>
    public static StringBuilder PutRefusal(StringBuilder script, string name) =>
        script.Append("${PORPOISE_NO_NUMBER?the value of ").Append(UnsafeInMessage().Replace(name, "_")).Append(" is not a whole number}");

    /// <summary>Those that act, and when there is one, those that could lead to it by naming another parameter.</summary>
    private HashSet<string> FindExpressions()
    {
        var others = values.Where(v => !NumberForm().IsMatch(v.Value)).ToList();
        var found = others.Where(v => ActsInExpressions().IsMatch(v.Value)).Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        if (found.Count > 0)
        {
            found.UnionWith(others.Where(v => NamesAnother(v.Value)).Select(v => v.Key));
        }

        return found;
    }

    private bool NamesAnother(string value)
    {
        foreach (var word in Identifier().EnumerateMatches(value))
        {
            if (values.ContainsKey(value.Substring(word.Index, word.Length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Decimal, or as shells write other bases; empty counts as 0.</summary>
    [GeneratedRegex("^[ \\t]*([-+]?(0[xX][0-9a-fA-F]+|[0-9]+|[0-9]+#[0-9a-zA-Z@_]+))?[ \\t]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();

    [GeneratedRegex("[\\[=]|\\+\\+|--", RegexOptions.CultureInvariant)]
    private static partial Regex ActsInExpressions();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex("[^A-Za-z0-9_.-]", RegexOptions.CultureInvariant)]
    private static partial Regex UnsafeInMessage();
}
