using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Random texts: the reader comes back from all, and takes none of which it overlooks anything.</summary>
public sealed class PolicyReaderPropertyTests
{
    private static readonly Gen<string> Word = Gen.OneOfConst(
        "Version", "Statement", "Effect", "Action", "NotAction", "Resource", "Condition", "Principal", "RAM", "Service", "StringEquals", "Bool", "IpAddress", "Null",
        "acs:SourceIp", "acs:MFAPresent", "acs:mfapresent", "1", "Allow", "Deny", "*", "ram:*", "sts:AssumeRole", "acs:ram::1:root", "true", "10.0.0.0/8", "", "\\ud83d", "\\n", "\\u0000");

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Word.Select(w => $"\"{w}\"")
        : Gen.Frequency(
            (4, Word.Select(w => $"\"{w}\"")),
            (1, Gen.OneOfConst("1", "-0.5", "1e400", "true", "null", "[]", "{}")),
            (3, inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]")),
            (5, Gen.Select(Word, inner).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}"))));

    /// <summary>A good policy with a few of its characters changed: most of these are nearly right.</summary>
    private static readonly Gen<string> Damaged = Gen.Select(
        RandomPolicy.Any.Select(RandomPolicy.Write),
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100_000], Gen.OneOfConst("\"", "{", "}", "[", "]", ",", ":", "\\", "*", "a", "1", " ", "\\ud800", "\uDC00", "é", "\u0007", "null")).Array[0, 3])
        .Select((text, edits) =>
        {
            var damaged = new StringBuilder(text);
            foreach (var (kind, place, piece) in edits)
            {
                var at = place % damaged.Length;
                _ = kind switch
                {
                    0 => damaged.Remove(at, 1),
                    1 => damaged.Insert(at, piece),
                    2 => damaged.Remove(at, 1).Insert(at, piece),
                    3 => damaged.Insert(at, damaged.ToString(at, Math.Min(20, damaged.Length - at))),
                    4 => damaged.Replace("\"Resource\"", "\"Action\""),
                    _ => damaged.Replace("\"Condition\"", "\"condition\""),
                };
            }

            return damaged.ToString();
        });

    [Fact]
    public void The_reader_comes_back_from_any_text() => Gen.OneOf(Json, Damaged, Gen.String).Sample(
        text =>
        {
            foreach (var kind in Enum.GetValues<PolicyKind>())
            {
                var document = PolicyReader.Read(text, kind, out var faults);
                Assert.Equal(document is null, faults.Count > 0);
                Assert.All(faults, f => Assert.False(string.IsNullOrEmpty(f.Place) || string.IsNullOrEmpty(f.Message)));

                var stored = PolicyReader.ReadStored(text, kind, out var found);
                Assert.Equal(kind, stored.Kind);
                Assert.NotEmpty(stored.Statements);
                Assert.Equal(document is null && text.Length <= PolicyReader.SessionLengthMax, found.Count > 0 && text.Length <= PolicyReader.SessionLengthMax);
                Assert.Equal(found.Count == 0, stored.Statements.All(s => s.IsUnderstood && s.Conditions.All(c => c.IsUnderstood)));
            }
        },
        iter: 5_000);

    [Fact]
    public void A_document_that_is_taken_says_all_that_the_text_says()
    {
        var taken = 0;
        Gen.OneOf(Damaged, Json).Sample(
            text =>
            {
                if (PolicyReader.Read(text, PolicyKind.Identity, out _) is { } document)
                {
                    Interlocked.Increment(ref taken);
                    Assert.True(JsonNode.DeepEquals(Plain(JsonNode.Parse(text)!), WriteDown(document)), text);
                }
            },
            iter: 10_000);
        Assert.True(taken > 1_000, $"Only {taken} texts were taken.");
    }

    [Fact]
    public void A_fault_in_one_place_is_told_with_its_place() => Gen.Select(RandomPolicy.Any, Gen.Int[0, 4], Gen.OneOfConst("Sid", "Resources", "effect", "Principal")).Sample(
        (policy, at, member) =>
        {
            var statements = policy.Select(s => s.ToJson()).ToArray();
            statements[at % statements.Length][member] = "*";
            Assert.Null(PolicyReader.Read(RandomPolicy.Write(statements), PolicyKind.Identity, out var faults));
            Assert.Equal($"Statement[{at % statements.Length}].{member}", Assert.Single(faults).Place);
        },
        iter: 500);

    /// <summary>A text with every single value as a list, every bare value as its text, and without empty condition blocks: the forms that mean the same.</summary>
    private static JsonObject Plain(JsonNode policy) => new()
    {
        ["Version"] = policy["Version"]!.DeepClone(),
        ["Statement"] = new JsonArray([.. policy["Statement"]!.AsArray().Select(s => (JsonNode)new JsonObject(s!.AsObject()
            .Where(m => m.Key != "Condition" || m.Value!.AsObject().Count > 0)
            .Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Key switch
            {
                "Effect" => m.Value!.DeepClone(),
                "Condition" => new JsonObject(m.Value!.AsObject().Select(o => KeyValuePair.Create<string, JsonNode?>(
                    o.Key, new JsonObject(o.Value!.AsObject().Select(k => KeyValuePair.Create<string, JsonNode?>(k.Key, ToList(k.Value!))))))),
                _ => ToList(m.Value!),
            }))))]),
    };

    private static JsonArray ToList(JsonNode value) => [.. (value is JsonArray list ? list.ToArray() : [value]).Select(v =>
        (JsonNode?)(v!.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : v.ToJsonString()))];

    private static JsonObject WriteDown(PolicyDocument document) =>
        new() { ["Version"] = "1", ["Statement"] = new JsonArray([.. document.Statements.Select(WriteDown)]) };

    private static JsonObject WriteDown(PolicyStatement statement)
    {
        var json = new JsonObject
        {
            ["Effect"] = statement.Effect.ToString(),
            [statement.IsNotAction ? "NotAction" : "Action"] = ToList(statement.Actions),
            ["Resource"] = ToList(statement.Resources),
        };
        foreach (var condition in statement.Conditions)
        {
            var block = (json["Condition"] ??= new JsonObject()).AsObject();
            var operation = (block[condition.OperatorName] ??= new JsonObject()).AsObject();
            operation.Add(condition.Key.Text, ToList(condition.Values));
        }

        return json;
    }

    private static JsonArray ToList(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode?)t)];
}
