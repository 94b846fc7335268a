"""What people type at night, and the reading that has to be among the first three: slang, typos, both spellings."""

TYPED: dict[str, str] = {
    "what-clonazepam-is": "klonopin, klonipin, clonazapem, clonazpam, what is clonazepam, rivotril, kpin, clonopin",
    "why-doctors-prescribe-it": "why was i given this, why do doctors prescribe clonazepam, what is it for",
    "how-it-calms-the-brain": "gaba, how does it work, what does it do to my brain",
    "why-short-courses-are-usual": "been on it for years, how long should you take it, short term only",
    "tolerance-in-plain-words": (
        "stopped working, doesn't work anymore, tolerence, it doesnt work like before, not working, its not "
        "helping anymore, building a tolerance, doesnt help like it used to"
    ),
    "dependence-is-not-addiction": "am i an addict, addicted, hooked, addiciton, is it addiction, dependance",
    "it-can-happen-at-prescribed-doses": "i only took what was prescribed, prescribed as directed, never abused it",
    "the-boxed-warning-decoded": "black box, black box warning, leaflet, scary leaflet",
    "why-it-stays-in-the-body-longer": "half life, how long does it stay in your system, long acting",
    "alcohol-opioids-and-other-sedatives": (
        "wine, one beer, alchohol, can i drink, painkillers, oxy, mixing, can i have a glass of wine, alcohol and "
        "clonazepam, vodka, a few beers, weed and klonopin"
    ),
    "why-stopping-suddenly-is-dangerous": (
        "cold turkey, cold turky, i want to stop, just quit, can i just stop, stop taking it, is it dangerous to "
        "stop suddenly, quitting cold turkey"
    ),
    "emergency-signs-call-now": (
        "hearing voices, chest pain, cant breathe, overdose, took too many, want to die, kill myself, suicidal, "
        "seeing things, 911, hallucinating, he is not breathing, want to end my life, i took all my pills, i dont "
        "want to be here anymore, i want to kill my self, suicidel, crushing chest pain, he wont wake up, "
        "overdosed"
    ),
    "signs-to-phone-about-today": "getting worse, warning signs, when to call the doctor, should i call my doctor",
    "seizure-first-aid": (
        "fits, siezure, seizure what to do, someone is having a fit, convulsion, what do i do if someone has a "
        "seizure, fitting on the floor, how to help a seizure, siezures"
    ),
    "after-a-seizure": "after a fit, had a seizure, i had a seizure yesterday",
    "if-you-ran-out-of-tablets": (
        "ran out of pills, no more pills, run out, pharmacy closed, lost my pills, refill, no tablets left, im "
        "out of klonopin, out of meds, my prescription ran out, run out of medication, no meds left until monday"
    ),
    "if-you-already-stopped": (
        "already stopped, i just stopped, threw them away, stopped yesterday, i quit a week ago, stopped taking "
        "klonopin 3 days ago"
    ),
    "never-on-your-own": "doing it alone, on my own, home detox",
    "pregnant-or-breastfeeding": (
        "pregnent, pregnancy, i'm pregnant, breast feeding, having a baby, nursing, im pregnant and on klonopin, "
        "can i breastfeed"
    ),
    "living-with-epilepsy": (
        "epilepsy, epileptic, i have epilepsy, epilepsey, klonopin for epilepsy, seizure disorder"
    ),
    "pills-from-outside-a-pharmacy": (
        "street pills, fake pills, bought online, dealer, pressed pills, fentanyl, fentanol"
    ),
    "driving-falls-and-heights": (
        "can i drive, drive, ladder, fell over, driving to work, unsteady on my feet, is it safe to drive, "
        "balance problems, operating machinery, i fell down the stairs"
    ),
    "a-plan-made-together": "taper plan, make a plan with my doctor, plan",
    "slow-is-normal": (
        "taper, tapering, how slow, coming off, weaning, wean off, schedule, cut down, how fast should i taper, "
        "tapering too fast, going too slow, is my taper too slow"
    ),
    "pausing-is-allowed": (
        "hold, holding, can i pause, take a break, stuck in my taper, holding my dose, paused my taper"
    ),
    "a-lower-dose-can-be-a-good-place-to-land": "lower dose, stay on a low dose, do i have to get off completely",
    "questions-to-bring": (
        "what to ask my doctor, doctors appointment, questions for doctor, apointment tomorrow, seeing my doctor "
        "tomorrow, what should i ask"
    ),
    "a-simple-symptom-note": "symptom diary, track symptoms, keep a log of symptoms",
    "when-you-feel-unheard": (
        "doctor won't listen, dr doesnt believe me, not believed, second opinion, no one understands, gp wont "
        "listen, dismissed, my doctor thinks im making it up, docter doesnt listen, doctor refuses to help me, my "
        "psychiatrist dismisses me"
    ),
    "skipped-doses": (
        "missed a dose, forgot my dose, skip, doubled up, forgot a dose, catch up, i missed my dose this morning, "
        "forgot to take it, missed two doses, late with my dose"
    ),
    "symptoms-between-doses": "wears off, wearing off, interdose, before next dose, between doses",
    "therapy-alongside": (
        "therapist, counselling, counseling, councelling, cbt, talk therapy, cognitive behavioral therapy, "
        "cognitive behavioural therapy"
    ),
    "common-things-people-notice": (
        "shaking, the shakes, symptoms, sweating, withdrawl symptoms, is this normal, brain fog, headaches, "
        "dizzy, withdrawal symptoms list, sweats, what are the symptoms"
    ),
    "sleep-in-withdrawal": (
        "can't sleep, cant slep, insomnia, insomina, nightmares, no sleep, trouble sleeping, bad dreams, havent "
        "slept in days, i cant get to sleep, insomia, lying awake every night, sleepless, vivid dreams"
    ),
    "tummy-and-muscle-cramps": (
        "cramps, tummy, nausea, stomach ache, diarrhoea, muscle pain, feel sick, charley horse, belly hurts, leg "
        "cramps, muscle twitching, stomache cramps, stomach pains, muscle spasms"
    ),
    "feeling-unreal": (
        "derealisation, derealization, dpdr, not real, spaced out, in a dream, not myself, behind glass, feels "
        "like a dream, nothing feels real, depersonalisation, im not real, everything feels fake"
    ),
    "ears-light-and-tingling": (
        "pins and needles, tinnitus, tinitus, ringing ears, too loud, too bright, burning skin, ears ringing, "
        "sensitive to noise, tingling hands, bright lights hurt, buzzing in my ears"
    ),
    "why-everyones-timeline-differs": (
        "timeline, when will it end, when does it end, waves, windows, how long, how long will this last, when "
        "will i feel better, how many months, how long until i feel normal"
    ),
    "when-it-lasts-longer": (
        "how long does it last, paws, protracted, months later, still not better, a year off and still sick, post "
        "acute withdrawal"
    ),
    "withdrawal-rebound-or-the-old-worry": (
        "rebound, is it withdrawal or anxiety, anxiety came back, anxiaty, withdrawel, is this withdrawal or my "
        "anxiety, anxiety is coming back"
    ),
    "what-a-peer-group-is": "support group, peer support, what is this group",
    "what-research-says-about-peer-groups": "do groups help, evidence, research",
    "strangers-or-close-circle": "tell my friends, strangers, who should i tell",
    "twelve-step-groups": (
        "aa, na, 12 steps, twelve step, sponsor, higher power, narcotics anonymous, aa meeting, twelve step "
        "meetings, na meetings near me"
    ),
    "smart-recovery-in-brief": "smart recovery, smart, not religious",
    "lifering-women-for-sobriety-recovery-dharma": "buddhist, women only, lifering, atheist",
    "benzodiazepine-communities": "benzobuddies, benzo buddies, forum, online community",
    "how-we-keep-this-room-safe": "rules, is it safe here, confidential, confidentiality",
    "why-we-do-not-compare-doses": "what mg are you on, how many mg, compare doses, mg, how much are you taking",
    "sharing-struggles-and-victories": "sharing, what can i share, tell my story",
    "taking-medicine-in-a-recovery-meeting": "am i sober if i take medicine, meds in aa, told me to stop my meds",
    "your-first-meeting": (
        "first meeting, new here, newcomer, frist meeting, what happens in a meeting, my first meeting is "
        "tonight, nervous about the meeting, never been to a meeting"
    ),
    "slow-breathing": (
        "breathing, breathe, breathing exercise, breathing exersise, calm down, panic attack, how do i slow my "
        "breathing, deep breaths"
    ),
    "box-breathing": "square breathing, box breathing, count my breath, breathe in four, boxbreathing",
    "five-senses-grounding": "grounding, panic, freaking out, freeking out, panick attack, 5 4 3 2 1",
    "riding-an-urge": (
        "craving, cravings, urge surfing, urges, tempted, want to take more, strong craving, i want to use, urge, "
        "urges are strong"
    ),
    "delay-escape-avoid-distract-substitute": "deads, distract me, want a drink",
    "halt-check": "halt, hungry, hangry, hungry angry lonely tired",
    "wind-down-and-wake-up": "sleep hygiene, bedtime, sleep routine, wake up tired",
    "awake-at-three": (
        "3am, 3 am, awake, up all night, middle of the night, wide awake, alone at night, its 4am and im awake, "
        "cant get back to sleep, its the middle of the nite and i cant sleep"
    ),
    "letting-muscles-go": (
        "tense, tight shoulders, clenched jaw, relax, muscle relaxation, my shoulders are so tight, muscles wont "
        "relax, progressive muscle relaxation, stiff neck"
    ),
    "cool-water-gently": "cold water, cold shower, ice water",
    "five-minute-walk": "walk, go outside, restless, exercise, excercise, fresh air, take a walk",
    "two-column-pros-and-cons": "can't decide, pros and cons, should i stay on it",
    "a-page-of-your-own": "journal, write it down, diary, journaling, journalling",
    "one-small-good-thing": "grateful, thankful, gratitude, gratefull, gratitude list, something positive",
    "talking-kindly-to-yourself": (
        "hate myself, my fault, ashamed, i'm so stupid, shame, its all my fault, i hate myself, i blame myself, "
        "self compassion, i feel so guilty, be kinder to myself"
    ),
    "a-setback-is-information": (
        "i relapsed, relapse, slipped, messed up, failed, start over, relaps, i had a setback, i slipped up, back "
        "to square one, relapsed last night, i took one again"
    ),
    "my-setback-plan": "plan for a bad day, setback plan",
    "my-safety-notes": "safety plan, crisis plan, dark thoughts, hopeless, i feel hopeless, make a safety plan",
    "making-my-space-safer": "make my home safe, not safe at home, pills in the house",
    "celebrating-small-wins": "proud, win, milestone, i did it, small victories, small win today, good news",
    "after-the-taper": "finished my taper, off for good, what now, i'm done",
    "how-to-be-there": (
        "help someone, my husband, my wife, my mum, my mom, worried about my son, how to support a friend, "
        "supporting my brother, how do i help my dad, how to support my wife, loved one"
    ),
    "what-not-to-say": "what not to say, said the wrong thing, what do i say, what should i not say to her",
    "craft-in-brief": "won't get help, refuses help, craft",
    "groups-for-families": (
        "al anon, alanon, nar anon, group for wives, support for families, nar-anon, groups for parents"
    ),
    "if-someone-you-love-has-a-seizure": "my wife had a seizure, my son is having a fit, family seizure",
    "what-this-bot-keeps": (
        "privacy, what does the bot store, does this bot read my messages, who can see what i write here, is this "
        "private"
    ),
    "your-data": (
        "delete my data, export, gdpr, delete everything, my data, erase my data, how do i delete my account, "
        "erase everything about me, download my data"
    ),
    "private-messages-stay-careful": (
        "dm, scam, someone messaged me, stranger, creepy message, scammer, weird dm, somebody is messaging me "
        "privately, a guy offered me pills in dm, got a wierd message"
    ),
    "reading-frightening-stories": (
        "horror stories, scary stories, worst case, doomscrolling, reddit, read something scary, i read something "
        "online and im terrified"
    ),
    "content-warnings-and-spoilers": "trigger warning, tw, spoiler, hide text",
    "words-that-help": "stigma, labels, junkie, what to call it",
}

FAMILY: dict[str, str] = {
    "how-to-be-there": "help, how can i help, my husband, my partner, worried about her, what can i do, daughter",
    "what-not-to-say": "words, what to say, listen",
    "craft-in-brief": "drinking, doesn't want help, treatment",
    "groups-for-families": "group, support group, someone to talk to, family meeting",
    "if-someone-you-love-has-a-seizure": "seizure, fits, siezure, first aid, convulsions",
}


def queries(table: dict[str, str]) -> list[tuple[str, str]]:
    """Return each query with its reading."""
    return [(one.strip(), reading) for reading, typed in table.items() for one in typed.split(",")]
