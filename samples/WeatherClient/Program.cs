using System.Net;
using System.Runtime.InteropServices;
using ModelContextProtocol;
using WeatherClient;

ClientOptions options;
try
{
    options = ClientOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n{ClientOptions.Usage}");
    return 2;
}

if (options.Help)
{
    Console.WriteLine(ClientOptions.Usage);
    return 0;
}

// Ctrl-C and SIGTERM only ask the work to stop, so that the session is still ended below.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    await using var conversation = new Conversation(options);
    if (options.Cities.Count > 1)
    {
        await CompareAsync(conversation, options.Cities);
    }
    else if (options.Cities is [var city])
    {
        await TellAsync(conversation, city);
    }
    else
    {
        await AskAsync(conversation);
    }

    Console.WriteLine(Text.Of(await conversation.CallAsync("get_session_info", [], null, stop.Token)));
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("(Interrupted. The session is ended.)");
    return 130;
}
catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
{
    Console.Error.WriteLine($"The server does not let this key in. Give one that it knows with --key. ({(int)e.StatusCode} from {options.Url})");
    return 1;
}
catch (Exception e) when (e is HttpRequestException or McpException or TimeoutException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

async Task AskAsync(Conversation conversation)
{
    Console.WriteLine("One city a line; an empty line ends.");
    while (await ConsoleInput.ReadLineAsync(stop.Token) is { Length: > 0 } city)
    {
        await TellAsync(conversation, city);
    }
}

async Task TellAsync(Conversation conversation, string city) =>
    Console.WriteLine(Text.OfWeather(await conversation.CallAsync("get_current_weather", new() { ["city"] = city }, null, stop.Token)));

async Task CompareAsync(Conversation conversation, List<string> cities)
{
    var progress = new Progress<ProgressNotificationValue>(p => Console.WriteLine($"  {p.Progress} of {p.Total}: {p.Message}"));
    foreach (var line in Text.OfComparison(await conversation.CallAsync("compare_cities", new() { ["cities"] = cities }, progress, stop.Token)))
    {
        Console.WriteLine(line);
    }
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
