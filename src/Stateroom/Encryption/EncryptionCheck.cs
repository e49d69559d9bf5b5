using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Encryption;

/// <summary>Refuses to start where encryption was asked for and a backend that was registered past it would store plain text.</summary>
internal sealed class EncryptionCheck(IOptions<EncryptionOptions> options, ISessionStore store, ISessionOutbox outbox, ISessionBackplane backplane) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.EncryptAtRest && (store, outbox, backplane) is not
            (MeteredSessionStore { Inner: EncryptedSessionStore }, MeteredSessionOutbox { Inner: EncryptedSessionOutbox }, EncryptedSessionBackplane))
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(EncryptionOptions),
                [$"{nameof(EncryptionOptions.EncryptAtRest)} is set, but the backend of the sessions was registered past it. Register it with services.AddSessionBackend, or leave the option out."]);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
