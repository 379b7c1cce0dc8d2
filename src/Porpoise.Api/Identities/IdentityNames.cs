using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>How users, groups, roles and policies may be named, and what else is written about them.</summary>
internal static partial class IdentityNames
{
    public const int DescriptionLengthMax = 1_024;

    public static string WordOf(IdentityKind kind) => kind switch
    {
        IdentityKind.User => "user",
        IdentityKind.Group => "group",
        _ => "role",
    };

    /// <summary>The parameter that names one.</summary>
    public static string ParameterOf(IdentityKind kind) => WordOf(kind) + "Name";

    public static string ArnOf(string accountId, IdentityKind kind, string name) => kind switch
    {
        IdentityKind.User => Arns.User(accountId, name),
        IdentityKind.Group => Arns.Group(accountId, name),
        _ => Arns.Role(accountId, name),
    };

    /// <summary>A name for something new.</summary>
    public static string Read(Parameters parameters, string parameter)
    {
        var name = parameters.RequiredText(parameter);
        return Name().IsMatch(name) ? name : throw Parameters.Invalid(parameter, "1 to 64 characters of a-z, A-Z, 0-9 and . @ - _");
    }

    public static string ReadPolicy(Parameters parameters)
    {
        var name = parameters.RequiredText("policyName");
        return PolicyName().IsMatch(name) ? name : throw Parameters.Invalid("policyName", "1 to 128 characters of a-z, A-Z, 0-9 and -");
    }

    public static string? ReadDescription(Parameters parameters) => parameters.All.ContainsKey("description") ? parameters.Text("description", DescriptionLengthMax) ?? "" : null;

    /// <summary>A policy's text, understood in full.</summary>
    /// <exception cref="RefusalException">It has faults; all that were found are said with their places.</exception>
    public static string ReadDocument(Parameters parameters, string parameter, PolicyKind kind)
    {
        var text = parameters.RequiredText(parameter);
        return PolicyReader.Read(text, kind, out var faults) is not null
            ? text
            : throw new RefusalException(
                ErrorCodes.BadPolicy, string.Create(CultureInfo.InvariantCulture, $"The policy has {(faults.Count == 1 ? "a fault" : "faults")}: {string.Join(" ", faults.Select(f => $"{f.Place}: {f.Message}"))}"));
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9.@_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-zA-Z0-9-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyName();
}
