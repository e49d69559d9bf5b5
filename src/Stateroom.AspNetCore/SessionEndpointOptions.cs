namespace Stateroom.AspNetCore;

/// <summary>How the endpoint of <c>MapMcpSessions</c> treats requests. Checked at start-up.</summary>
public sealed class SessionEndpointOptions
{
    /// <summary>Whether callers without a credential are served. Their session's id is then the only key to it. Default false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>The largest request body, in bytes; a larger one is answered with 413. Default 4,194,304 (4 MiB); at least 1,024.</summary>
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// The values of the <c>Origin</c> header that are served besides those of loopback addresses, such as <c>https://app.example.com</c>.
    /// A request without the header is not from a browser and is served. Default empty.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// The host names, without port, under which the server is known besides those of loopback; <c>*.example.com</c> stands for every name below that one. A server
    /// that was reached on a loopback address is served under these only, and on any other address too as soon as one is named here: a web page that points its own
    /// name at this server is kept out. Name the public host here. Default empty.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>How long a handshake-era response may take as one JSON body before it becomes an event stream. Default 250 milliseconds; more than zero, at most 1 minute.</summary>
    public TimeSpan StreamAfter { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a silent event stream carries a comment, so that proxies keep it open and a dead peer is noticed. Default 15 seconds; 1 second to 1 hour.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long running calls may still answer when the server stops. After that those that wait for their user are given up, and the streams of the others are
    /// let go so that their clients resume them elsewhere. Default 5 seconds; zero to 5 minutes, and less than the host's own <c>ShutdownTimeout</c>.
    /// </summary>
    public TimeSpan CallDrainTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether stateless-era clients are offered the tools <c>list_sessions</c> and <c>close_session</c>. Default false.</summary>
    public bool SessionTools { get; set; }

    /// <summary>
    /// Whether the <c>session</c> property is marked <c>x-mcp-header: Session</c>, so that clients repeat it in <c>Mcp-Param-Session</c> and a balancer can route on it.
    /// A client that does not mirror the header is refused. Never applied for anonymous callers. Default false.
    /// </summary>
    public bool HandleHeader { get; set; }

    /// <summary>How long a <c>requestState</c> that a client was given can be passed back. Default 10 minutes; more than zero, at most 1 day.</summary>
    public TimeSpan RequestStateLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether a <c>requestState</c> serves once, wherever and however often it is sent: of calls at the same time exactly one goes on, the others are refused
    /// without effect. Costs a write for each answer. Without it the caller who was asked can send the same answer again while it is valid, and the call runs again,
    /// as it does for whoever repeats the call without it. Default false.
    /// </summary>
    public bool SingleUseRequestState { get; set; }

    /// <summary>
    /// Whether <c>MapSessionAdministration</c> also serves its page for browsers. The page holds no data: it asks for a credential and shows what that may see.
    /// Default true. Read when the endpoints are mapped.
    /// </summary>
    public bool AdministrationPage { get; set; } = true;

    /// <summary>
    /// How many refusals of each kind (credential, scope, front door, session, limit, body) a second are logged one by one; of the others their number is.
    /// Default 10; 0 to 10,000.
    /// </summary>
    public int AuditedRefusalsPerSecond { get; set; } = 10;

    /// <summary>
    /// How long an instance that was told to stop goes on accepting connections, while its readiness is off already: the time that a balancer which asks for
    /// readiness, or an orchestrator, needs to send it no more. Default zero, which is right for balancers that notice refused connections; at most 5 minutes.
    /// Counts towards the host's shutdown timeout.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// How long an instance that refuses new connections already keeps those that are open, so that each is closed with an answer rather than under a request.
    /// It stops earlier when none is left, and calls under way have until the host's shutdown timeout. Default 5 seconds, as nginx leaves an instance alone for
    /// some time after each refusal before it uses up another open connection; zero to 5 minutes.
    /// </summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);
}
