using Microsoft.Extensions.Options;
using WebAppSample;

// A web application that predicts images, collects labels, retrains in the background and switches between models:
//   dotnet run -c Release --project samples/WebApp
// then http://localhost:5000. README.md says more.
try
{
    WebApplication app = App.Build(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
