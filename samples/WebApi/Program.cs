using Microsoft.Extensions.Options;
using WebApiSample;

// Serves a model over HTTP. Make one first, here with the sample that needs nothing else, then serve it and ask:
//   dotnet run -c Release --project samples/FineTune
//   dotnet run -c Release --project samples/WebApi -- --VisionPredictor:ModelFile model.zip
//   curl --data-binary @photo.jpg http://localhost:5000/predict
//   curl -F file=@photo.jpg http://localhost:5000/predict
try
{
    WebApplication app = Api.Build(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
