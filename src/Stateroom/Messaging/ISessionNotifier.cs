using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Tells clients of changes, whatever their era and whichever instance serves them. Any code of the host may call it.</summary>
public interface ISessionNotifier
{
    /// <summary>Says that the list of tools has changed.</summary>
    /// <param name="tenant">Whose clients are told; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; who was told is then unknown.</param>
    ValueTask ToolsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Says that the list of prompts has changed.</summary>
    /// <param name="tenant">Whose clients are told; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; who was told is then unknown.</param>
    ValueTask PromptsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Says that the list of resources has changed.</summary>
    /// <param name="tenant">Whose clients are told; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; who was told is then unknown.</param>
    ValueTask ResourcesChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Says that a resource has changed, to those who asked to hear of it.</summary>
    /// <param name="uri">The resource's URI, as clients subscribe to it.</param>
    /// <param name="tenant">Whose clients are told; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; who was told is then unknown.</param>
    ValueTask ResourceUpdatedAsync(string uri, TenantId? tenant = null, CancellationToken cancellationToken = default);
}
