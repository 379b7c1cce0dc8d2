using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Porpoise.Core.Policies.Reading;

/// <summary>Reads statements. One with a fault outside its conditions becomes a statement that is not understood.</summary>
internal sealed partial class StatementReader(PolicyKind kind, PolicyFaults faults)
{
    private const string AssumeRole = "sts:AssumeRole";

    /// <summary>Colons of an ARN, at least: the last part may have more.</summary>
    private const int ArnColons = 4;

    private readonly ConditionReader _conditions = new(faults);

    public PolicyStatement Read(JsonElement element, int index)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"Statement[{index}]");
        var before = faults.Count;
        var members = kind == PolicyKind.Trust
            ? PolicyJson.Members(element, place, faults, StringComparer.Ordinal, "Effect", "Action", "Principal", "Condition")
            : PolicyJson.Members(element, place, faults, StringComparer.Ordinal, "Effect", "Action", "NotAction", "Resource", "Condition");
        if (members is null)
        {
            return PolicyStatement.NotUnderstood(index, PolicyEffect.Deny);
        }

        var effect = ReadEffect(members, place);
        var actions = ReadActions(members, place, out var isNotAction);
        var resources = kind == PolicyKind.Trust ? [] : ReadResources(members, place);
        var principals = kind == PolicyKind.Trust ? ReadPrincipals(members, place) : null;
        var isUnderstood = faults.Count == before;
        var conditions = members.TryGetValue("Condition", out var condition) ? _conditions.Read(condition, place + ".Condition") : [];
        return isUnderstood
            ? new PolicyStatement(index, effect, actions, isNotAction, resources, conditions, principals)
            : PolicyStatement.NotUnderstood(index, effect);
    }

    /// <summary>What is not plainly an Allow is a Deny: with its fault it is refused, or forbids.</summary>
    private PolicyEffect ReadEffect(Dictionary<string, JsonElement> members, string place)
    {
        var text = members.TryGetValue("Effect", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is not ("Allow" or "Deny"))
        {
            faults.Add(place + ".Effect", "It must be \"Allow\" or \"Deny\".");
        }

        return text == "Allow" ? PolicyEffect.Allow : PolicyEffect.Deny;
    }

    private List<string> ReadActions(Dictionary<string, JsonElement> members, string place, out bool isNotAction)
    {
        isNotAction = members.TryGetValue("NotAction", out var value);
        if (isNotAction == members.ContainsKey("Action"))
        {
            faults.Add(place, kind == PolicyKind.Trust ? "It must have an Action." : "It must have exactly one of Action and NotAction.");
            return [];
        }

        place += isNotAction ? ".NotAction" : ".Action";
        var actions = PolicyJson.Texts(isNotAction ? value : members["Action"], place, faults);
        foreach (var action in actions)
        {
            if (kind == PolicyKind.Trust ? !string.Equals(action, AssumeRole, StringComparison.OrdinalIgnoreCase) : !ActionName.IsPattern(action))
            {
                faults.Add(place, kind == PolicyKind.Trust
                    ? $"A trust policy speaks of {AssumeRole} only, not of '{Quoted.Show(action)}'."
                    : $"'{Quoted.Show(action)}' fits no action: write * or SERVICE:NAME, such as emr-serverless-spark:Get*.");
            }
        }

        return actions;
    }

    private List<string> ReadResources(Dictionary<string, JsonElement> members, string place)
    {
        place += ".Resource";
        if (!members.TryGetValue("Resource", out var value))
        {
            faults.Add(place, "It is missing.");
            return [];
        }

        var resources = PolicyJson.Texts(value, place, faults);
        foreach (var resource in resources.Where(r => !IsResource(r)))
        {
            faults.Add(place, $"'{Quoted.Show(resource)}' fits no resource: write * or an ARN, such as acs:ram::*:user/ann.");
        }

        return resources;
    }

    /// <summary>Whether some ARN fits the pattern.</summary>
    private static bool IsResource(string text)
    {
        const string Start = "acs:";
        var wildcard = text.AsSpan().IndexOfAny('*', '?');
        var literal = wildcard < 0 ? text : text[..wildcard];
        return !text.Any(char.IsControl)
            && text == text.Trim()
            && (literal.StartsWith(Start, StringComparison.Ordinal) || (wildcard >= 0 && Start.StartsWith(literal, StringComparison.Ordinal)))
            && (text.Contains('*', StringComparison.Ordinal) || text.AsSpan().Count(':') >= ArnColons);
    }

    private List<TrustedPrincipal> ReadPrincipals(Dictionary<string, JsonElement> members, string place)
    {
        var principals = new List<TrustedPrincipal>();
        place += ".Principal";
        if (!members.TryGetValue("Principal", out var value))
        {
            faults.Add(place, "It is missing: say whom the role trusts, such as {\"RAM\": [\"acs:ram::ACCOUNT:root\"]}.");
            return principals;
        }

        if (PolicyJson.Members(value, place, faults, StringComparer.Ordinal, "RAM", "Service", "Federated") is not { } kinds)
        {
            return principals;
        }

        foreach (var (name, texts) in kinds)
        {
            var (principalKind, form, example) = name switch
            {
                "RAM" => (PrincipalKind.Ram, RamForm, "acs:ram::ACCOUNT:root, acs:ram::ACCOUNT:user/NAME or acs:ram::ACCOUNT:role/NAME"),
                "Service" => (PrincipalKind.Service, ServiceForm, "spark.emr-serverless.aliyuncs.com"),
                _ => (PrincipalKind.Federated, FederatedForm, "acs:ram::ACCOUNT:saml-provider/NAME"),
            };
            foreach (var text in PolicyJson.Texts(texts, $"{place}.{name}", faults))
            {
                // A pattern would be compared as it stands, and a Deny that means everybody would hit nobody.
                if (!form.IsMatch(text))
                {
                    faults.Add($"{place}.{name}", $"'{Quoted.Show(text)}' names nobody: write {example}, without wildcards.");
                }

                principals.Add(new TrustedPrincipal(principalKind, text));
            }
        }

        if (kinds.Count == 0)
        {
            faults.Add(place, "It must not be empty.");
        }

        return principals;
    }

    [GeneratedRegex(@"\Aacs:ram::[A-Za-z0-9_-]+:(root|(user|role)/[^*?:\s]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex RamForm { get; }

    [GeneratedRegex(@"\A[a-z0-9-]+(\.[a-z0-9-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceForm { get; }

    [GeneratedRegex(@"\Aacs:ram::[A-Za-z0-9_-]+:(saml|oidc)-provider/[^*?:\s]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex FederatedForm { get; }
}
