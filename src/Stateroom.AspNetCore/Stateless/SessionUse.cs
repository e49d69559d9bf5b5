using System.Reflection;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Tells which tools work with a session. Each tool is looked at once.</summary>
internal static class SessionUse
{
    private static readonly ConditionalWeakTable<McpServerTool, StrongBox<bool>> _known = [];

    public static bool By(McpServerTool tool) => _known.GetValue(tool, static t => new(t.Metadata.Any(TellsOfSession))).Value;

    private static bool TellsOfSession(object metadata) => metadata switch
    {
        UsesSessionAttribute => true,
        MethodInfo method => method.IsDefined(typeof(UsesSessionAttribute), inherit: true)
            || TakesSession(method)
            || (method.ReflectedType is { } type && TellsOfSession(type, method.IsStatic)),
        _ => false,
    };

    private static bool TellsOfSession(Type type, bool isStatic) =>
        type.IsDefined(typeof(UsesSessionAttribute), inherit: true)
        || (!isStatic && type.GetConstructors().Any(TakesSession));

    private static bool TakesSession(MethodBase method) => method.GetParameters().Any(p => IsSession(p.ParameterType));

    private static bool IsSession(Type type) =>
        type == typeof(ISessionCache)
        || type == typeof(ISessionAccessor)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ISessionState<>));
}
