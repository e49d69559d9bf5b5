using System.Diagnostics;
using System.Reflection;
using Stateroom.Messaging;

namespace Stateroom.Administration;

/// <summary>What those who run the server see of an instance.</summary>
/// <param name="Id">Its name, as in <see cref="ISessionBackplane.InstanceId"/>.</param>
/// <param name="Host">The name of the machine, or of the container, that it runs on.</param>
/// <param name="Version">The version of the application; null where it has none.</param>
/// <param name="StartedAt">When its process was started, by the clock of its machine.</param>
public sealed record InstanceSummary(string Id, string Host, string? Version, DateTimeOffset StartedAt)
{
    /// <summary>Describes the instance that this process is.</summary>
    internal static InstanceSummary OfThisProcess(string id)
    {
        using var process = Process.GetCurrentProcess();
        return new(
            id,
            Environment.MachineName,
            Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            process.StartTime.ToUniversalTime());
    }
}
