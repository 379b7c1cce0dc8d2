using System.Buffers;

namespace Porpoise.Core.Policies;

/// <summary>The name of something known about a request, such as <c>acs:SourceIp</c>. Compared ignoring case: its spelling varies in the vendor's own documents.</summary>
public readonly struct ConditionKey(string text) : IEquatable<ConditionKey>
{
    private static readonly SearchValues<char> ServiceLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    /// <summary>As it was written.</summary>
    public string Text { get; } = text;

    internal int Hash { get; } = text.GetHashCode(StringComparison.OrdinalIgnoreCase);

    public static bool operator ==(ConditionKey left, ConditionKey right) => left.Equals(right);

    public static bool operator !=(ConditionKey left, ConditionKey right) => !left.Equals(right);

    /// <summary>Whether a text has the form <c>SERVICE:NAME</c>, where the name may go on with anything, such as the name of a tag.</summary>
    public static bool IsKey(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1 && text.AsSpan(0, colon).IndexOfAnyExcept(ServiceLetters) < 0 && !text.Any(char.IsControl) && text == text.Trim();
    }

    public bool Equals(ConditionKey other) => Hash == other.Hash && string.Equals(Text, other.Text, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is ConditionKey other && Equals(other);

    public override int GetHashCode() => Hash;

    public override string ToString() => Text;
}
