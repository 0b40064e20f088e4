using ModelBuilderApp;

// A Model Builder project that is trained by this library and used through its generated class. It draws images, trains Shapes.mbconfig, and
// classifies an image; with --serve it answers uploads too:
//   dotnet run -c Release --project samples/ModelBuilderApp
//   dotnet run -c Release --project samples/ModelBuilderApp -- --serve
//   curl -F image=@photo.jpg http://localhost:5000/predict
ShapesProject.Train();
if (!args.Contains("--serve"))
    return;
await Api.Build([.. args.Where(a => a != "--serve")]).RunAsync();
