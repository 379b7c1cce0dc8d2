namespace Porpoise.Core.Policies;

/// <summary>What somebody wants to do, as policies see it.</summary>
public sealed class AccessRequest
{
    /// <param name="action">Of the form <c>SERVICE:NAME</c>, see <see cref="IsAction"/>.</param>
    /// <param name="resource">An ARN, or <c>*</c> where access is granted per operation only.</param>
    /// <param name="facts">What is known about the request.</param>
    /// <exception cref="ArgumentException">The action has another form, or the resource is empty: no policy could speak of them.</exception>
    public AccessRequest(string action, string resource, RequestFacts facts)
    {
        if (!IsAction(action))
        {
            throw new ArgumentException("An action has the form SERVICE:NAME.", nameof(action));
        }

        ArgumentException.ThrowIfNullOrEmpty(resource);
        Action = action;
        Resource = resource;
        Facts = facts;
        Name = new ActionName(action);
    }

    public string Action { get; }

    public string Resource { get; }

    public RequestFacts Facts { get; }

    internal ActionName Name { get; }

    /// <summary>Whether a text can be an action: two parts of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, with a colon between; no wildcards.</summary>
    public static bool IsAction(string text) => ActionName.IsAction(text);
}
