using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>What runs plain calls of the stateless era at a host, which nobody can tell from the answers.</summary>
public enum CallWay
{
    /// <summary>No server of the SDK.</summary>
    Direct,

    /// <summary>A server of the SDK that is up, since the host follows what those tell.</summary>
    ServerThatIsUp,

    /// <summary>The endpoint of the SDK, since the host has a filter of messages.</summary>
    SdkEndpoint,
}

/// <summary>Makes hosts of each way.</summary>
internal static class CallWays
{
    public static IReadOnlyList<CallWay> All { get; } = Enum.GetValues<CallWay>();

    public static IMcpServerBuilder RunCalls(this IMcpServerBuilder mcp, CallWay way)
    {
        if (way == CallWay.ServerThatIsUp)
        {
            mcp.Services.AddLogging(LogLines.FollowSdk);
        }
        else if (way == CallWay.SdkEndpoint)
        {
            mcp.WithMessageFilters(filters => filters.AddIncomingFilter(next => next));
        }

        return mcp;
    }
}
