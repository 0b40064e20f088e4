Console.WriteLine("usage: LoaderApp model.zip image...");
