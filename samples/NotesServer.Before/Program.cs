using ModelContextProtocol.AspNetCore;
using NotesServer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMcpServer()
    .WithHttpTransport(o => o.SessionMode = HttpServerSessionMode.Stateful)
    .WithTools<NoteTools>();

var app = builder.Build();
app.MapMcp("/mcp");
app.Run();
