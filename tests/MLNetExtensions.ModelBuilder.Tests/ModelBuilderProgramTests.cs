using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests;

public sealed class ModelBuilderProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Versions => [.. ModelBuilderProgram.All.Select(p => p.Version)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_program_of_Model_Builder_compiles_and_predicts_what_the_model_does(int version)
    {
        var trial = new ProgramTrial(ModelBuilderProgram.All.Single(p => p.Version == version), _folder.Path);

        Assert.Empty(await trial.Run());
    }
}
