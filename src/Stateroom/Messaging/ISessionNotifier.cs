using System.Text.Json;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Tells clients of changes, from any code of the host: those that listen now, and those that are away as soon as they come back.</summary>
public interface ISessionNotifier
{
    /// <summary>Tells that the list of tools has changed.</summary>
    /// <param name="tenant">Whose clients; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; some may have been told.</param>
    /// <returns>A task that is done when every instance knows.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    Task ToolsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Tells that the list of prompts has changed.</summary>
    /// <inheritdoc cref="ToolsChangedAsync"/>
    Task PromptsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Tells that the list of resources has changed.</summary>
    /// <inheritdoc cref="ToolsChangedAsync"/>
    Task ResourcesChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Tells those who subscribed to a resource that it has changed.</summary>
    /// <param name="uri">The resource's URI, as clients subscribe to it.</param>
    /// <param name="tenant">Whose clients; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the wait; some may have been told.</param>
    /// <returns>A task that is done when every instance knows.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    Task ResourceUpdatedAsync(string uri, TenantId? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a notification to the client of one handshake-era session, on the stream of messages that belong to no request.</summary>
    /// <param name="session">The session.</param>
    /// <param name="method">The JSON-RPC method, such as <c>notifications/message</c>.</param>
    /// <param name="parameters">The parameters, a JSON object; null for none.</param>
    /// <param name="cancellationToken">Ends the wait; whether the notification was added is then unknown.</param>
    /// <returns>A task that is done when the notification is in the outbox and the instances know.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    Task NotifyAsync(SessionKey session, string method, JsonElement? parameters = null, CancellationToken cancellationToken = default);
}
