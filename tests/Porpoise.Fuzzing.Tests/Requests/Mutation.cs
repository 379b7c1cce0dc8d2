using System.Globalization;
using CsCheck;

namespace Porpoise.Fuzzing.Tests.Requests;

/// <summary>One way to spoil a request. What it hits is a number that is taken modulo what there is, so that every mutation fits every request.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Parameter">Which parameter it is done to.</param>
/// <param name="Place">Which value inside the parameter's JSON.</param>
/// <param name="Text">The new value, as text.</param>
/// <param name="Json">The new value, as JSON.</param>
/// <param name="Encoded">The new value, as bytes of a query.</param>
public sealed record Mutation(MutationKind Kind, int Parameter, int Place, string Text, string Json, string Encoded)
{
    public static Gen<Mutation> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Frequency(
            (1, CsCheck.Gen.OneOfConst(MutationKind.DropParameter, MutationKind.EmptyParameter, MutationKind.ReplaceParameter, MutationKind.RepeatParameter, MutationKind.AddParameter, MutationKind.SpoilEncoding)),
            (2, CsCheck.Gen.OneOfConst(MutationKind.DropValue, MutationKind.ReplaceValue, MutationKind.RepeatMember, MutationKind.RepeatValue, MutationKind.AddMember, MutationKind.CutOff))),
        CsCheck.Gen.Int[0, 1_000], CsCheck.Gen.Int[0, 1_000_000], Nasty.Text, Nasty.Json, Nasty.Encoded,
        (kind, parameter, place, text, json, encoded) => new Mutation(kind, parameter, place, text, json, encoded));

    public void Apply(List<Parameter> parameters)
    {
        if (parameters.Count == 0)
        {
            parameters.Add(new Parameter("x", Text));
            return;
        }

        var at = Parameter % parameters.Count;
        switch (Kind)
        {
            case MutationKind.DropParameter:
                parameters.RemoveAt(at);
                return;
            case MutationKind.EmptyParameter:
                parameters[at] = parameters[at] with { Value = "" };
                return;
            case MutationKind.ReplaceParameter:
                parameters[at] = parameters[at] with { Value = Text };
                return;
            case MutationKind.RepeatParameter:
                parameters.Add(parameters[at] with { Value = Text });
                return;
            case MutationKind.AddParameter:
                parameters.Add(new Parameter(Text, Json));
                return;
            case MutationKind.SpoilEncoding:
                parameters[at] = parameters[at] with { Encoded = Encoded };
                return;
            default:
                ApplyInside(parameters);
                return;
        }
    }

    /// <summary>Hits a parameter that holds JSON, if there is one.</summary>
    private void ApplyInside(List<Parameter> parameters)
    {
        int[] candidates = [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].Value.StartsWith('[') || parameters[i].Value.StartsWith('{'))];
        if (candidates.Length == 0)
        {
            parameters.Add(new Parameter("x", Json));
            return;
        }

        var at = candidates[Parameter % candidates.Length];
        parameters[at] = parameters[at] with { Value = Spoil(parameters[at].Value) };
    }

    private string Spoil(string json)
    {
        if (Kind == MutationKind.CutOff)
        {
            return json[..(Place % json.Length)];
        }

        var tree = JsonTree.TryParse(json);
        if (tree?.Places() is not { Count: > 0 } places)
        {
            return Json; // an earlier mutation left nothing to go into
        }

        var (parent, index) = places[Place % places.Count];
        switch (Kind)
        {
            case MutationKind.DropValue:
                parent.Remove(index);
                break;
            case MutationKind.ReplaceValue:
                parent.Replace(index, Json);
                break;
            case MutationKind.RepeatMember:
                parent.Repeat(index, Json);
                break;
            case MutationKind.RepeatValue:
                parent.Repeat(index);
                break;
            default:
                parent.Add(Text, Json);
                break;
        }

        return tree.ToString();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Parameter} {Place}");
}

public enum MutationKind
{
    DropParameter,
    EmptyParameter,
    ReplaceParameter,
    RepeatParameter,
    AddParameter,

    /// <summary>The parameter's value is bytes that no client would send.</summary>
    SpoilEncoding,

    DropValue,
    ReplaceValue,
    RepeatMember,
    RepeatValue,
    AddMember,

    /// <summary>JSON that ends in the middle.</summary>
    CutOff,
}
