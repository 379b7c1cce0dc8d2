using Porpoise.Access.Signatures;
using Porpoise.Api.Errors;
using Porpoise.Storage;

namespace Porpoise.Api.Operations;

/// <summary>The nonce of a signed call: it is good for one change, in whose transaction it is used up.</summary>
internal static class Nonces
{
    public static RefusalException WasUsed() => new(new Refusal(ErrorCodes.NotAuthenticated, GatewayError.SignatureNonceUsed.Message) { Gateway = GatewayError.SignatureNonceUsed });

    /// <summary>Uses it up by itself, for a call that is carried out in several transactions, or in none.</summary>
    public static async Task UseAsync(Call call, IStore store)
    {
        if (call.Nonce is { } nonce && !await store.UseNonceAsync(nonce))
        {
            throw WasUsed();
        }
    }
}
