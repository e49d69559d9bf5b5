namespace Stateroom.AspNetCore;

/// <summary>
/// Marks a tool that works with the caller's session although neither its parameters nor its class's constructor take
/// <see cref="State.ISessionState{T}"/>, <see cref="State.ISessionCache"/> or <see cref="State.ISessionAccessor"/>: one that reaches the session
/// through a service of its own. Stateless-era clients are then shown the property <c>session</c> in the tool's input schema.
/// </summary>
/// <remarks>
/// On a class it marks every tool of it. A tool that is made without a method can carry it in its <c>Metadata</c>. Only tools of the server's
/// tool collection are known; what a <c>CallToolHandler</c> answers by itself takes no handle.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class UsesSessionAttribute : Attribute;
