using System.Globalization;
using System.Text;
using CsCheck;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Fuzzing.Tests.Requests;

/// <summary>A parameter of a call.</summary>
/// <param name="Encoded">Set: these bytes stand in the query or form in place of the value.</param>
public sealed record Parameter(string Name, string Value, string? Encoded = null);

/// <summary>A request: a valid one, and what was done to it.</summary>
public sealed record FuzzRequest(Dialect Dialect, Travel Travel, IReadOnlyList<Parameter> Parameters, string Story)
{
    private const int ShownMax = 4_000;

    /// <summary>Beyond 2 MiB the web server itself refuses a request line, in its own way.</summary>
    private const int LineMax = 1_900_000;

    /// <summary>Spoils a valid request up to three times; sometimes not at all.</summary>
    public static Gen<FuzzRequest> Gen(Gen<IReadOnlyList<Parameter>> valid) => CsCheck.Gen.Select(
        CsCheck.Gen.OneOfConst(Dialect.Cloud, Dialect.Dolphin),
        CsCheck.Gen.OneOfConst(Travel.Query, Travel.Form, Travel.Json),
        valid,
        CsCheck.Gen.Frequency((2, CsCheck.Gen.Const(0)), (6, CsCheck.Gen.Const(1)), (2, CsCheck.Gen.Int[2, 3])).SelectMany(n => Mutation.Gen.Array[n]),
        (dialect, travel, parameters, mutations) =>
        {
            var spoilt = parameters.ToList();
            foreach (var mutation in mutations)
            {
                mutation.Apply(spoilt);
            }

            return new FuzzRequest(dialect, travel, spoilt, string.Join("; ", mutations.Select(m => m.ToString())));
        });

    /// <summary>Null: it is not there, or empty. The server takes the first of several.</summary>
    public string? ValueOf(string name) => Parameters.FirstOrDefault(p => p.Name == name)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>Some bytes of it are no text, so what comes of them cannot be foretold.</summary>
    public bool IsTextual => Parameters.All(p => p.Encoded is null && Nasty.IsWellFormed(p.Name) && Nasty.IsWellFormed(p.Value)) && Parameters.Select(p => p.Name).Distinct().Count() == Parameters.Count;

    public async Task<Reply> SendAsync(Installation installation, HttpMethod method, string path)
    {
        ApiClient client = Dialect == Dialect.Cloud ? installation.Cloud : installation.Dolphin;
        var pairs = string.Join('&', Parameters.Select(p => Escape(p.Name) + "=" + (p.Encoded ?? Escape(p.Value))));
        var travel = method == HttpMethod.Get ? Travel.Query : Travel == Travel.Query && pairs.Length > LineMax ? Travel.Form : Travel;
        if (travel != Travel.Query)
        {
            var body = travel == Travel.Form ? pairs : "{" + string.Join(',', Parameters.Select(p => Nasty.Quoted(p.Name) + ":" + (p.Encoded ?? Nasty.Quoted(p.Value)))) + "}";
            return await client.SendAsync(method, path, new StringContent(body, Encoding.UTF8, travel == Travel.Form ? "application/x-www-form-urlencoded" : "application/json"));
        }

        if (Dialect == Dialect.Cloud)
        {
            return await client.SendAsync(method, path + "?" + pairs);
        }

        // As bytes: an HTTP client would mend the escapes.
        return await RawCall.SendAsync(installation.Url, RawCall.Write(method.Method, path + "?" + pairs, [("Host", installation.Url.Authority), ("token", installation.Key.Token)]));
    }

    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Dialect} {Travel} [{Story}]\n") + string.Join('\n', Parameters.Select(p => $"  {p.Name}={p.Encoded ?? p.Value}"));
        return text.Length <= ShownMax ? text : text[..ShownMax] + "…";
    }

    /// <summary>Half a surrogate pair becomes the replacement character, as with every client.</summary>
    private static string Escape(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b =>
        char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '_' or '.' or '~' ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));
}

/// <summary>Where a call's parameters are.</summary>
public enum Travel
{
    Query,
    Form,
    Json,
}
