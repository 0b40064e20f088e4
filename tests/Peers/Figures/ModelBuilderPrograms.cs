using MLNetExtensions.ModelBuilder.Programs;

namespace MLNetExtensions.Peers.Figures;

/// <summary>Programs of Model Builder projects against this library's files, compiled, and run in another folder.</summary>
internal static class ModelBuilderPrograms
{
    /// <summary>The number of programs that compile and give the model's labels and scores, of 4.</summary>
    public static double? Measure()
    {
        int right = 0;
        foreach (ModelBuilderProgram program in ModelBuilderProgram.All)
        {
            string folder = Directory.CreateTempSubdirectory("modelbuilder-").FullName;
            try
            {
                IReadOnlyList<string> problems = new ProgramTrial(program, folder).Run().GetAwaiter().GetResult();
                Console.WriteLine($"version {program.Version}: {(problems.Count == 0 ? "agrees" : string.Join("; ", problems))}");
                right += problems.Count == 0 ? 1 : 0;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return right;
    }
}
