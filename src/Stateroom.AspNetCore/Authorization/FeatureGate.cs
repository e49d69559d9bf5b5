using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Diagnostics;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Decides what exists for a caller, and what of it the caller may use.</summary>
internal sealed class FeatureGate(IEnumerable<IFeatureVisibility> visibility, RequiredScopes scopes, ILogger<FeatureGate> logger)
{
    private readonly IFeatureVisibility[] _visibility = [.. visibility];

    /// <summary>Whether a tool, prompt or resource exists for the caller. Fails closed.</summary>
    /// <param name="offer">What is asked for, and all that stands for it.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> IsVisibleAsync(Offer offer, FeatureViewer viewer, CancellationToken cancellationToken)
    {
        foreach (var scope in RequiredScopes.Hiding(offer.Primitive))
        {
            if (!viewer.User.HasScope(scope))
            {
                return false;
            }
        }

        foreach (var hook in _visibility)
        {
            if (!await AskAsync(hook, offer.Feature, viewer, cancellationToken) || (offer.UriTemplate is { } template && !await AskAsync(hook, template, viewer, cancellationToken)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The scopes that are needed; null if the caller has them all. All are told at once, so that a client need not come back for each.</summary>
    public IReadOnlyList<string>? FindLacking(Offer offer, FeatureViewer viewer)
    {
        List<string>? needed = null;
        Add(offer.Feature);
        if (offer.UriTemplate is { } template)
        {
            Add(template);
        }

        return needed?.TrueForAll(viewer.User.HasScope) == false ? needed : null;

        void Add(Feature feature)
        {
            foreach (var scope in scopes.Of(feature, offer.Primitive))
            {
                if (needed?.Contains(scope) != true)
                {
                    (needed ??= []).Add(scope);
                }
            }
        }
    }

    private async ValueTask<bool> AskAsync(IFeatureVisibility hook, Feature feature, FeatureViewer viewer, CancellationToken cancellationToken)
    {
        try
        {
            return await hook.IsVisibleAsync(feature, viewer, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever went wrong: what cannot be decided is hidden.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.VisibilityFailed(logger, feature.Kind, e.GetType());
            return false;
        }
    }
}
