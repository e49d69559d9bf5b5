using Microsoft.Extensions.Logging;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>The events that this assembly logs. Ids 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Session {Session} of tenant {Tenant} opened ({Era}).")]
    public static partial void SessionOpened(ILogger logger, string session, string tenant, Sessions.SessionEra era);

    [LoggerMessage(2001, LogLevel.Information, "Session {Session} of tenant {Tenant} ended by its owner.")]
    public static partial void SessionEnded(ILogger logger, string session, string tenant);

    [LoggerMessage(2003, LogLevel.Error, "A handler failed outside the SDK's own error handling: {Failure}")]
    public static partial void HandlerFailed(ILogger logger, string failure);

    [LoggerMessage(2004, LogLevel.Warning, "The end of a request's stream could not be noted; its reader will wait until it gives up.")]
    public static partial void StreamNotEnded(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "The session store is unavailable; answered 503.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(2007, LogLevel.Debug, "An answer to a question that is not open, or not this session's, was ignored.")]
    public static partial void AnswerIgnored(ILogger logger);

    [LoggerMessage(2008, LogLevel.Warning, "Clients could not be told that a list has changed.")]
    public static partial void ListChangeNotTold(ILogger logger, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "A stream was cut because the session store is unavailable; its client can resume it.")]
    public static partial void StreamCut(ILogger logger, Exception exception);

    [LoggerMessage(2010, LogLevel.Warning, "The instance that ran a request is gone; the stream of the request was ended with an error.")]
    public static partial void StreamOrphaned(ILogger logger);

    [LoggerMessage(2011, LogLevel.Information, "This instance is stopping and accepts no more connections; {Connections} are open.")]
    public static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(2012, LogLevel.Warning, "Refused because {Limit} is reached ({Count} since this was last said).")]
    public static partial void LimitReached(ILogger logger, string limit, long count);

    [LoggerMessage(2013, LogLevel.Debug, "What the first requests need could not be tried out before them: {Failure}")]
    public static partial void NotWarm(ILogger logger, string failure);

    [LoggerMessage(2014, LogLevel.Error, "The tool {Tool} failed: {Failure}")]
    public static partial void ToolFailed(ILogger logger, string tool, string failure);

    [LoggerMessage(2050, LogLevel.Error, "Whether a {Kind} is visible could not be decided ({Exception}); it is hidden.")]
    public static partial void VisibilityFailed(ILogger logger, Authorization.FeatureKind kind, Type exception);

    [LoggerMessage(2051, LogLevel.Warning, "The keys of the issuer {Issuer} cannot be had; its tokens cannot be checked. Answered 503.")]
    public static partial void IssuerUnavailable(ILogger logger, string issuer);
}
