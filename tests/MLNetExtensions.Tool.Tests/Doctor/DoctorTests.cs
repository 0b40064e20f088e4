using System.Text.Json.Nodes;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Doctor;

[Collection(Alone.Name)]
public sealed class DoctorTests
{
    public static TheoryData<string> Faults => [.. PlantedFault.All.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_with_its_cure(string name)
    {
        PlantedFault fault = PlantedFault.All.Single(fault => fault.Name == name);
        Assert.SkipWhen(fault.Obstacle is not null, fault.Obstacle ?? "");

        Assert.Null(await fault.FindAsync());
    }

    [Fact]
    public async Task A_sound_machine_has_no_faults()
    {
        using var photos = new ColorFolders(1);

        CommandResult result = await Mlnetx.Run("doctor", "--runs", photos.At("runs"), "--json");

        JsonArray findings = JsonNode.Parse(result.Out)!.AsArray();
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain(findings, finding => (string?)finding!["level"] == "fault");
        Assert.Contains(findings, finding => (string?)finding!["subject"] == "libtorch");
        Assert.False(Directory.Exists(photos.At("runs")));
    }
}
