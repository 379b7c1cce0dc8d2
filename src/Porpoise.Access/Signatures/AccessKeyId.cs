namespace Porpoise.Access.Signatures;

/// <summary>The public half of an access key: it names the secret a request was signed with and is safe to log.</summary>
public readonly record struct AccessKeyId(string Value)
{
    public override string ToString() => Value;
}
