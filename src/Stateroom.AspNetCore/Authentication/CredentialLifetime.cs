using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>How long the credential of a request serves: what a scheme says by <see cref="AuthenticationProperties.ExpiresUtc"/>, be it a token, a cookie or something else.</summary>
internal sealed class CredentialLifetime : IDisposable
{
    /// <summary>How long what does not end by itself may go on when the credential has expired.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // What a timer can hold; an earlier end does no harm, since the client comes back.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private readonly CancellationTokenSource _expired;
    private readonly TimeProvider _time;

    private CredentialLifetime(TimeSpan left, TimeProvider time)
    {
        _time = time;
        _expired = new CancellationTokenSource(left < TimeSpan.Zero ? TimeSpan.Zero : left > Longest ? Longest : left, time);
    }

    /// <summary>Begins to watch the credential of a request.</summary>
    /// <returns>Ends the watch when disposed; null where the credential does not expire.</returns>
    public static CredentialLifetime? Begin(HttpContext context, TimeProvider time)
    {
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc is not { } expires)
        {
            return null;
        }

        var lifetime = new CredentialLifetime(expires - time.GetUtcNow(), time);
        context.Features.Set(lifetime);
        return lifetime;
    }

    /// <summary>Cancelled when the credential of a request has expired.</summary>
    public static CancellationToken ExpiryOf(HttpContext? context) => context?.Features.Get<CredentialLifetime>()?._expired.Token ?? CancellationToken.None;

    /// <summary>
    /// Ends a response that has not ended by itself soon after the credential has expired. Only for handlers that end with their request anyhow:
    /// they see a client that has gone.
    /// </summary>
    public static Task EndWithAsync(HttpContext context, Func<Task> serve) =>
        context.Features.Get<CredentialLifetime>() is { } lifetime ? lifetime.EndAsync(context, serve) : serve();

    public void Dispose() => _expired.Dispose();

    private async Task EndAsync(HttpContext context, Func<Task> serve)
    {
        var aborted = context.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted);

        // What is to end may have something to say against it, which nobody above a timer catches.
        await using var late = _time.CreateTimer(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), end, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var registration = _expired.Token.Register(() => late.Change(Grace, Timeout.InfiniteTimeSpan));
        context.RequestAborted = end.Token;
        try
        {
            await serve();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // The response ends where it is.
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }
}
