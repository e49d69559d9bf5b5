using Microsoft.Extensions.DependencyInjection;
using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Messaging;

namespace Stateroom.Tests.Administration;

public sealed class InMemoryInstanceDirectoryTests : InstanceDirectoryContract
{
    protected override Task<(ISessionBackplane Backplane, IInstanceDirectory Directory)> StartInstanceAsync()
    {
        // As it is registered.
        var services = new ServiceCollection().AddLogging().AddStateroom().BuildServiceProvider();
        return Task.FromResult((services.GetRequiredService<ISessionBackplane>(), services.GetRequiredService<IInstanceDirectory>()));
    }
}
