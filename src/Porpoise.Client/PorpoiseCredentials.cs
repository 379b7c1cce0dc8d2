namespace Porpoise.Client;

/// <summary>What a client says about who it is.</summary>
public abstract record PorpoiseCredentials
{
    private PorpoiseCredentials()
    {
    }

    /// <summary>Every call is signed with the key; its secret stays here.</summary>
    public sealed record AccessKey(AcsCredentials Key) : PorpoiseCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => Key.ToString();
    }

    /// <summary>The token goes with every call, so whoever can read the connection can call as its owner.</summary>
    public sealed record Token(string Text) : PorpoiseCredentials
    {
        /// <summary>Says nothing, so that logging it by accident gives nothing away.</summary>
        public override string ToString() => nameof(Token);
    }
}
