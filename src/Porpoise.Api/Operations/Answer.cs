using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Porpoise.Api.Operations;

/// <summary>What an operation answers when it succeeds.</summary>
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>The envelope's <c>data</c>.</summary>
    /// <param name="Value">A wire record; null for no data.</param>
    /// <param name="Type">How to write it.</param>
    /// <param name="Created">DolphinScheduler answers creations with HTTP 201.</param>
    public sealed record Data(object? Value, JsonTypeInfo? Type, bool Created = false) : Answer;

    /// <summary>A file, outside any envelope.</summary>
    public sealed record File(string Name, Func<HttpResponse, CancellationToken, Task> WriteAsync) : Answer;

    /// <summary>Server-sent events, until all is said or the caller goes away.</summary>
    public sealed record Events(Func<HttpResponse, CancellationToken, Task> WriteAsync) : Answer;

    /// <summary>An object whose members are the answer itself, beside <c>RequestId</c>: the form of RPC-style cloud operations.</summary>
    public sealed record Plain(object Value, JsonTypeInfo Type) : Answer;

    public static readonly Answer Nothing = new Data(null, null);

    public static Answer Of<T>(T value, JsonTypeInfo<T> type) => new Data(value, type);
}
