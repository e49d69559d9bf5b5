namespace WeatherClient;

/// <summary>Reads lines without keeping the program from ending.</summary>
internal static class ConsoleInput
{
    public static Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
}
